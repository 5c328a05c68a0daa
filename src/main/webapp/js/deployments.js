/*
 * Applications with their environments from left to right, in <div class="gitops-deployments">: all that somebody may see,
 * or those of one job with the buttons to promote and to roll back; to lock, on either.
 */
import { Filters } from './filters.js';
import { Flow } from './flow.js';
import { Orders } from './orders.js';
import { Panel, Poll, element, focus, person, short, state, version, word } from './page.js';

const POLL_MILLISECONDS = 10000;
const SOON_MILLISECONDS = 1000;

class DeploymentsPage extends Panel {
  constructor(root) {
    super(root);
    this.data = null;
    this.shown = null;
    this.histories = new Map();
    this.open = new Set();
    this.flow = new Flow(this);
    this.filters = new Filters(this);
    this.list = element('div', { class: 'gitops-deployments__list' });
    this.orders = new Orders(this);
    this.root.replaceChildren(
      this.notice,
      this.filters.node,
      ...(this.may('stop') ? [this.orders.stop()] : []),
      this.orders.list,
      this.list,
      this.orders.dialog.node,
    );
  }

  /** How long until the next time; null where nothing has changed. */
  async refresh() {
    const before = this.data;
    try {
      this.data = await this.poll('deployments');
      this.say(null);
    } catch (failure) {
      this.say(failure.message);
      return POLL_MILLISECONDS;
    }
    this.draw();
    const isSettled = this.data.ready && this.data.orders.every((order) => order.state !== 'WORKING');
    return !isSettled ? SOON_MILLISECONDS : this.data === before ? null : POLL_MILLISECONDS;
  }

  /** Gives an order; null when it was taken, or why not. */
  async order(verb, parameters) {
    const refusal = await this.post(verb, parameters);
    if (!refusal) {
      await this.refresh();
      this.polling.within(SOON_MILLISECONDS);
    }
    return refusal;
  }

  draw() {
    const key = JSON.stringify(this.filters.key());
    if (this.data === this.drawn && key === this.shown) {
      return;
    }
    this.drawn = this.data;
    this.shown = key;
    this.entitle();
    const focused = document.activeElement && document.activeElement.dataset.focus;
    this.orders.draw();
    this.list.replaceChildren(...this.content());
    if (focused) {
      this.focus(focused);
    }
  }

  /** The tab tells how many gates wait for whoever has it open. */
  entitle() {
    this.title = this.title || document.title;
    const yours = this.data ? this.data.gates.filter((gate) => gate.yours).length : 0;
    document.title = yours === 0 ? this.title : `(${yours}) ${this.title}`;
  }

  /** What had the focus may have been redrawn since. */
  focus(key) {
    focus(this.list, key);
  }

  content() {
    if (!this.data) {
      return [element('p', { class: 'gitops-empty' }, this.text('reading'))];
    }
    const { applications, problems, ready } = this.data;
    const broken = problems.map((one) => this.problem(one));
    const found = this.filters.of(applications);
    const empty = this.emptiness(applications, found, broken);
    return [
      ...broken,
      ready ? null : element('p', { class: 'gitops-empty' }, this.text('reading')),
      ...found.map((application) => this.application(application)),
      empty && ready ? element('p', { class: 'gitops-empty' }, empty) : null,
    ].filter((part) => part !== null);
  }

  /** What is known of a repository that cannot be read stays, and says since when; and which jobs it concerns. */
  problem({ repository, problem, shownAt, jobs }) {
    return element(
      'div',
      { class: 'gitops-notice' },
      element(
        'p',
        {},
        repository ? `${repository}: ${problem}` : problem,
        ...(shownAt ? [` ${this.text('shownAt')} `, this.time(shownAt), '.'] : []),
      ),
      this.root.dataset.job || jobs.length === 0
        ? null
        : element('p', { class: 'gitops-notice__links' }, this.text('usedBy'), ...jobs.map((page) => this.page(page))),
    );
  }

  emptiness(applications, found, broken) {
    if (applications.length === 0) {
      return broken.length === 0 ? this.text('none') : null;
    }
    return found.length === 0 ? this.filters.nothing() : null;
  }

  application(application) {
    return element(
      'section',
      { class: 'gitops-application', 'data-application': application.name, 'aria-label': application.name },
      element('h2', {}, application.name),
      element(
        'p',
        { class: 'gitops-quiet' },
        this.text('from', application.repository),
        ...(this.root.dataset.job ? [] : this.pages(application.pages)),
      ),
      this.flow.draw(application, (environment) => this.environment(application, environment)),
    );
  }

  pages(pages) {
    return pages.flatMap((page) => [' · ', this.page(page)]);
  }

  page(page) {
    return element('a', { href: `${this.root.dataset.root}/${page.url}` }, page.job);
  }

  environment(application, environment) {
    const { live } = environment;
    return element(
      'article',
      { class: 'gitops-card', 'data-environment': environment.name, 'aria-label': environment.name },
      element('h3', { class: 'gitops-card__title' }, environment.name),
      live ? this.live(live, environment.current) : null,
      environment.liveProblem ? element('p', { class: 'gitops-quiet' }, environment.liveProblem) : null,
      ...this.deployed(environment),
      ...this.infrastructure(application, environment),
      ...environment.holds.map((hold) => element('p', { class: 'gitops-notice' }, hold)),
      environment.frozen ? element('p', { class: 'gitops-notice' }, environment.frozen, ...this.until(environment.frozenUntil)) : null,
      environment.calendarProblem && !environment.frozen ? element('p', { class: 'gitops-notice' }, environment.calendarProblem) : null,
      ...environment.locks.map((lock) => this.lock(application, environment, lock)),
      ...environment.reviews.map((hotfix) => this.review(application, environment, hotfix)),
      this.orders.buttons(application, environment),
      environment.deployments > 1 ? this.history(application, environment) : null,
    );
  }

  until(instant) {
    return instant ? [` ${this.text('until')} `, this.time(instant)] : [];
  }

  lock(application, environment, lock) {
    return element(
      'div',
      { class: 'gitops-notice', 'data-lock': lock.id },
      element(
        'p',
        {},
        this.text(lock.rollbacks ? 'lockedRollbacks' : 'locked', lock.place, lock.by, lock.reason),
        ...this.until(lock.until),
      ),
      this.orders.may('lock') ? this.orders.unlock(application, environment, lock) : null,
    );
  }

  review(application, environment, hotfix) {
    const key = new Date(hotfix.reviewDue) < new Date() ? 'hotfixOverdue' : 'hotfixDue';
    return element(
      'div',
      { class: 'gitops-notice', 'data-review': hotfix.commit },
      element('p', {}, this.text(key, short(hotfix.commit), hotfix.hotfix), ' ', this.time(hotfix.reviewDue)),
      this.orders.may('approve') ? this.orders.review(application, environment, hotfix) : null,
    );
  }

  /** The images of the environment's files, committed by this plugin or not; and what this plugin deployed there last. */
  deployed({ images, imagesProblem, outside, current, live, infrastructure }) {
    const none = Object.keys(images).length === 0;
    return [
      imagesProblem ? element('p', { class: 'gitops-notice' }, imagesProblem) : null,
      none ? null : this.images(images),
      none && !imagesProblem && !current && !infrastructure ? element('p', { class: 'gitops-quiet' }, this.text('never')) : null,
      outside ? element('p', {}, state('outside', this.text('outside'))) : null,
      outside && current ? element('p', { class: 'gitops-quiet' }, this.text('lastByJenkins'), this.versions(current.images)) : null,
      ...(current ? this.facts(current, outside ? null : live) : []),
    ].filter((part) => part !== null);
  }

  /** What Terraform did there last, and how much of it has changed since. */
  infrastructure(application, environment) {
    if (!environment.infrastructure) {
      return [];
    }
    const { driftedSince, drift, changes } = environment.infrastructure;
    const [last, ...earlier] = changes;
    return [
      driftedSince
        ? element('p', { class: 'gitops-notice', 'data-drift': true }, `${this.text('driftedSince')} `, this.time(driftedSince), `: ${drift}`)
        : null,
      ...(last ? this.plan(last) : []),
      earlier.length > 0 ? this.plans(application, environment, earlier) : null,
    ].filter((part) => part !== null);
  }

  plan(one) {
    return [
      element('p', {}, state(one.outcome, this.text(`outcome${word(one.outcome)}`)), ` ${one.summary}`),
      element(
        'p',
        { class: 'gitops-quiet' },
        `${this.text('kindInfrastructure')} `,
        one.sourceCommit ? element('code', { title: one.sourceCommit }, short(one.sourceCommit)) : null,
        ` ${this.text('plan')} `,
        element('code', { title: one.plan }, short(one.plan)),
        ...this.origin(one.at, one),
      ),
      ...one.overridden.map((override) =>
        element('p', { class: 'gitops-card__message' }, this.text('overridden', override)),
      ),
    ];
  }

  /** Since when, by whom, and from which run. */
  origin(at, { who, approved, run }) {
    return [
      ` ${this.text('since')} `,
      this.time(at),
      who.length === 0 ? null : ` ${this.text(approved ? 'approvedBy' : 'by', who.map(person).join(', '))}`,
      ...(run ? [' ·\u00a0', element('a', { href: run }, this.text('run'))] : []),
    ];
  }

  plans(application, environment, earlier) {
    const key = `infrastructure ${application.id} ${environment.name}`;
    return this.folding(
      key,
      this.text('plans', earlier.length),
      element('ol', { class: 'gitops-history' }, ...earlier.map((one) => element('li', {}, ...this.plan(one)))),
    );
  }

  /** What is folded until somebody opens it; stays as they leave it while the page is redrawn. */
  folding(key, summary, content) {
    const details = element(
      'details',
      { class: 'gitops-details', open: this.open.has(key) },
      element('summary', { 'data-focus': key }, summary),
      content,
    );
    details.addEventListener('toggle', () => this.open[details.open ? 'add' : 'delete'](key));
    return details;
  }

  versions(images) {
    return ` ${Object.entries(images).map(([name, reference]) => `${name} ${version(reference)}`).join(', ')}`;
  }

  live(live, current) {
    const other = live.revision && current && live.revision !== current.commit;
    return element(
      'div',
      { class: 'gitops-live' },
      state(live.sync, live.sync),
      ' ',
      state(live.health, live.health),
      other ? element('p', { class: 'gitops-quiet' }, this.text('liveAt', short(live.revision))) : null,
      live.since ? element('p', { class: 'gitops-quiet' }, `${this.text('healthSince')} `, this.time(live.since)) : null,
      live.message ? element('p', { class: 'gitops-card__message' }, live.message) : null,
    );
  }

  /** Asked for when somebody opens it; stays open while the page is redrawn. */
  history(application, environment) {
    const key = `${application.id} ${environment.name}`;
    const list = element('ol', { class: 'gitops-history' });
    const details = element(
      'details',
      { class: 'gitops-details', open: this.open.has(key) },
      element('summary', { 'data-focus': `history ${key}` }, this.text('history', environment.deployments)),
      list,
    );
    const fill = async () => {
      const version = `${environment.deployments} ${JSON.stringify([environment.current, environment.reviews])}`;
      let known = this.histories.get(key);
      if (known) {
        this.fill(list, known.deployments, application, environment);
      }
      if (!known || known.version !== version) {
        const query = new URLSearchParams({ application: application.id, environment: environment.name });
        try {
          known = { version, deployments: await this.get(`history?${query}`) };
          this.histories.set(key, known);
          this.fill(list, known.deployments, application, environment);
        } catch (failure) {
          list.replaceChildren(element('li', {}, failure.message));
        }
      }
    };
    details.addEventListener('toggle', () => {
      this.open[details.open ? 'add' : 'delete'](key);
      if (details.open) {
        fill();
      }
    });
    return details;
  }

  fill(list, deployments, application, environment) {
    list.replaceChildren(
      ...deployments.slice(1).map((one) =>
        element(
          'li',
          {},
          this.images(one.images),
          ...this.facts(one),
          this.orders.wouldChange(environment, one)
            ? element('div', { class: 'gitops-form__buttons' }, this.orders.rollback(application, environment, one))
            : null,
        ),
      ),
    );
  }

  images(images) {
    return element(
      'dl',
      { class: 'gitops-images' },
      ...Object.entries(images).flatMap(([name, reference]) => [
        element('dt', {}, name),
        element('dd', { title: reference }, version(reference)),
      ]),
    );
  }

  /** @param live what Argo CD says of it now: then that it was healthy once need not be said */
  facts(one, live) {
    return [
      (live && one.outcome === 'HEALTHY' && !one.rolledBack) || Object.keys(one.images).length === 0 ? null : element(
        'p',
        {},
        one.rolledBack
          ? state('rejected', this.text('rolledBack'))
          : state(one.outcome, this.text(`outcome${word(one.outcome)}`)),
      ),
      element(
        'p',
        { class: 'gitops-quiet' },
        `${this.text(`kind${word(one.kind)}`)} `,
        element('code', { title: one.commit }, short(one.commit)),
        ...this.origin(one.committedAt, one),
        one.signature === 'verified' ? null : ` ${this.text(one.signature)}`,
      ),
      one.hotfix ? element('p', { class: 'gitops-card__message' }, this.text('hotfix', one.hotfix)) : null,
      one.reviewed ? element('p', { class: 'gitops-quiet' }, this.text('hotfixReviewed', one.reviewed)) : null,
      ...one.checks.map((line) => element('p', { class: 'gitops-quiet' }, line)),
      ...one.alerts.map((line) => element('p', { class: 'gitops-card__message' }, this.text('alertFired', line))),
      one.reason ? element('p', { class: 'gitops-card__message' }, this.text('reasonWas', one.reason)) : null,
      ...one.overridden.map((override) =>
        element('p', { class: 'gitops-card__message' }, this.text('overridden', override)),
      ),
    ].filter((part) => part !== null);
  }

  begin() {
    this.polling = new Poll(() => this.refresh(), POLL_MILLISECONDS).begin();
  }
}

document.querySelectorAll('.gitops-deployments').forEach((root) => new DeploymentsPage(root).begin());
