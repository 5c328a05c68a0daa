/*
 * What the card of an environment shows: what runs there, what Argo CD says of it, what stops it, and its history.
 */
import { copy, element, person, redraw, short, state, version, word } from './page.js';

export class Cards {
  /** @param page has the texts, the orders, and reads histories */
  constructor(page) {
    this.page = page;
    this.histories = new Map();
    this.open = new Set();
  }

  text(key, ...values) {
    return this.page.text(key, ...values);
  }

  get orders() {
    return this.page.orders;
  }

  environment(application, environment) {
    const { live } = environment;
    return element(
      'article',
      { class: 'gitops-card', 'data-environment': environment.name, 'aria-label': environment.name },
      element('h3', { class: 'gitops-card__title' }, environment.name),
      live ? this.live(live, environment.current) : null,
      environment.liveProblem ? element('p', { class: 'gitops-quiet' }, environment.liveProblem) : null,
      ...this.deployed(application, environment),
      ...this.infrastructure(application, environment),
      ...this.deliveries(application, environment).map((open) => this.delivery(open)),
      ...environment.holds.map((hold) => element('p', { class: 'gitops-notice' }, hold)),
      environment.frozen ? element('p', { class: 'gitops-notice' }, environment.frozen, ...this.until(environment.frozenUntil)) : null,
      environment.calendarProblem && !environment.frozen ? element('p', { class: 'gitops-notice' }, environment.calendarProblem) : null,
      ...environment.locks.map((lock) => this.lock(application, environment, lock)),
      ...environment.reviews.map((hotfix) => this.review(application, environment, hotfix)),
      this.orders.buttons(application, environment),
      environment.deployments > 1 ? this.history(application, environment) : null,
    );
  }

  /** Pull requests that bring something there and are waited for. */
  deliveries(application, environment) {
    return this.page.data.deliveries.filter(
      (open) => open.application === application.id && open.environments.includes(environment.name),
    );
  }

  delivery(open) {
    return element(
      'p',
      { class: 'gitops-notice', 'data-delivery': open.url },
      `${this.text('waitsIn')} `,
      this.pullRequest(open.url),
      `: ${open.waitsFor}`,
    );
  }

  /** The server writes web addresses alone. */
  pullRequest(url) {
    const number = url.match(/(\d+)\/?$/);
    return element('a', { href: url }, this.text('pullRequest', number ? `#${number[1]}` : ''));
  }

  /** By which pull request a deployment came, and who reviewed and merged it there. */
  brought({ url, mergedBy, reviewedBy }) {
    return element(
      'p',
      { class: 'gitops-quiet', 'data-pull-request': url },
      this.pullRequest(url),
      reviewedBy.length === 0 ? null : `, ${this.text('reviewedThere', reviewedBy.join(', '))}`,
      mergedBy ? `, ${this.text('mergedThere', mergedBy)}` : null,
    );
  }

  until(instant) {
    return instant ? [` ${this.text('until')} `, this.page.time(instant)] : [];
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
      element('p', {}, this.text(key, short(hotfix.commit), hotfix.hotfix), ' ', this.page.time(hotfix.reviewDue)),
      this.orders.may('approve') ? this.orders.review(application, environment, hotfix) : null,
    );
  }

  /** The images of the environment's files, committed by this plugin or not; and what this plugin deployed there last. */
  deployed(application, { name, images, imagesProblem, outside, current, live, infrastructure }) {
    const none = Object.keys(images).length === 0;
    return [
      imagesProblem ? element('p', { class: 'gitops-notice' }, imagesProblem) : null,
      none ? null : this.images(images, `${application.id} ${name}`),
      none && !imagesProblem && !current && !infrastructure ? element('p', { class: 'gitops-quiet' }, this.text('never')) : null,
      outside ? element('p', {}, state('outside', this.text('outside'))) : null,
      outside && current ? element('p', { class: 'gitops-quiet' }, this.text('lastByJenkins'), this.versions(current.images)) : null,
      ...(current ? this.facts(application, current, outside ? null : live) : []),
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
        ? element('p', { class: 'gitops-notice', 'data-drift': true }, `${this.text('driftedSince')} `, this.page.time(driftedSince), `: ${drift}`)
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
      ...this.page.past(at),
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
      ...(live.url ? [' ', element('a', { href: live.url }, this.text('argoCd'))] : []),
      other ? element('p', { class: 'gitops-quiet' }, this.text('liveAt', short(live.revision))) : null,
      live.since ? element('p', { class: 'gitops-quiet' }, `${this.text('healthSince')} `, ...this.page.past(live.since)) : null,
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
    if (this.open.has(key) && this.histories.has(key)) {
      this.fill(list, this.histories.get(key).deployments, application, environment);
    }
    const fill = async () => {
      const version = `${environment.deployments} ${JSON.stringify([environment.current, environment.reviews])}`;
      let known = this.histories.get(key);
      if (known && list.childElementCount === 0) {
        this.fill(list, known.deployments, application, environment);
      }
      if (!known || known.version !== version) {
        const query = new URLSearchParams({ application: application.id, environment: environment.name });
        try {
          known = { version, deployments: await this.page.get(`history?${query}`) };
          this.histories.set(key, known);
          redraw(list, () => this.fill(list, known.deployments, application, environment));
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
          this.images(one.images, `${application.id} ${environment.name} ${one.commit}`),
          ...this.facts(application, one),
          this.orders.wouldChange(environment, one)
            ? element('div', { class: 'gitops-form__buttons' }, this.orders.rollback(application, environment, one))
            : null,
        ),
      ),
    );
  }

  /** @param place tells the buttons from those of others */
  images(images, place) {
    return element(
      'dl',
      { class: 'gitops-images' },
      ...Object.entries(images).flatMap(([name, reference]) => [
        element('dt', {}, name),
        element('dd', { title: reference }, version(reference), ' ', this.copying(reference, `${place} ${name}`)),
      ]),
    );
  }

  /** Copies the whole reference, and says so. */
  copying(reference, place) {
    const button = element('button', {
      type: 'button',
      class: 'gitops-copy',
      'data-verb': 'copy',
      'data-focus': `copy ${place}`,
      onclick: async () => {
        await copy(reference);
        button.focus();
        name('copied');
        setTimeout(() => name('copy'), 2000);
      },
    });
    const name = (key) => {
      button.textContent = this.text(key);
      button.setAttribute('aria-label', `${this.text(key)}: ${reference}`);
    };
    name('copy');
    return button;
  }

  commit(application, id) {
    const shown = element('code', { title: id }, short(id));
    return application.commits ? element('a', { href: `${application.commits}${id}`, 'data-commit': id }, shown) : shown;
  }

  /** @param live what Argo CD says of it now: then that it was healthy once need not be said */
  facts(application, one, live) {
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
        this.commit(application, one.commit),
        ...this.origin(one.committedAt, one),
        one.signature === 'verified' ? null : ` ${this.text(one.signature)}`,
      ),
      one.pullRequest ? this.brought(one.pullRequest) : null,
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
}
