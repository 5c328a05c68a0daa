/*
 * Applications with their environments from left to right, in <div class="gitops-deployments">: all that somebody may see,
 * or those of one job with the buttons to promote and to roll back; to lock, on either. Many are shown as a matrix.
 */
import { Calendar } from './calendar.js';
import { Cards } from './cards.js';
import { Comparison } from './compare.js';
import { Filters } from './filters.js';
import { Flow } from './flow.js';
import { Matrix } from './matrix.js';
import { Orders } from './orders.js';
import { Drawn, Panel, arrange, element, focus, redraw } from './page.js';
import { Poll } from './poll.js';
import { Tab } from './tab.js';
import { Waiting } from './waiting.js';

const POLL_MILLISECONDS = 10000;
const SOON_MILLISECONDS = 1000;

/** More applications are shown as a matrix, of which each leads to its environments. */
const MOST_IN_FULL = 6;

class DeploymentsPage extends Panel {
  constructor(root) {
    super(root);
    this.data = null;
    this.shown = null;
    this.cards = new Cards(this);
    this.flow = new Flow(this);
    this.filters = new Filters(this);
    this.list = element('div', { class: 'gitops-deployments__list' });
    this.orders = new Orders(this);
    this.waiting = new Waiting(this);
    this.matrix = new Matrix(this);
    this.comparison = new Comparison(this);
    this.calendar = new Calendar(this);
    this.tab = new Tab();
    this.sections = new Drawn();
    this.isMatrix = true;
    this.back = element('p', { hidden: true }, element('a', { href: '#' }, this.text('allApplications')));
    this.root.replaceChildren(
      this.notice,
      this.filters.node,
      ...(this.may('stop') ? [this.orders.stop()] : []),
      this.waiting.node,
      this.orders.list,
      this.back,
      this.list,
      this.calendar.node,
      this.orders.dialog.node,
      this.comparison.node,
    );
  }

  /** The application that the address names; null for all of them. */
  chosen() {
    return new URLSearchParams(location.hash.substring(1)).get('application');
  }

  path() {
    const chosen = this.chosen();
    return chosen ? `deployments?${new URLSearchParams({ application: chosen })}` : this.isMatrix ? 'overview' : 'deployments';
  }

  /** How long until the next time; null where nothing has changed. */
  async refresh() {
    const path = this.path();
    let data;
    try {
      data = await this.poll(path);
    } catch (failure) {
      this.say(failure.message);
      return POLL_MILLISECONDS;
    }
    if (data === undefined) {
      return null;
    }
    const { applications, ready, orders } = data;
    const isMany = applications.length > MOST_IN_FULL || (applications.length === 0 && !ready);
    if (path !== this.path() || (!this.chosen() && this.isMatrix !== isMany)) {
      this.isMatrix = this.chosen() ? this.isMatrix : isMany;
      return this.refresh();
    }
    this.say(null);
    const isNew = data !== this.data;
    this.data = data;
    if (isNew) {
      this.calendar.update();
    }
    this.isOverview = path === 'overview';
    this.draw();
    const isSettled = ready && orders.every((order) => order.state !== 'WORKING');
    return !isSettled ? SOON_MILLISECONDS : isNew ? POLL_MILLISECONDS : null;
  }

  /** Gives an order; null when it was taken, or why not. */
  async order(verb, parameters) {
    const refusal = await this.post(verb, parameters);
    if (!refusal) {
      await this.polling.round();
      this.polling.within(SOON_MILLISECONDS);
    }
    return refusal;
  }

  draw() {
    const key = JSON.stringify([this.filters.key(), this.matrix.key()]);
    if (this.data === this.drawn && key === this.shown) {
      return;
    }
    this.drawn = this.data;
    this.shown = key;
    this.tab.show(this.data ? this.data.gates.filter((gate) => gate.yours).length : 0);
    redraw(this.root, () => {
      this.orders.draw();
      if (this.data) {
        this.waiting.draw();
      }
      this.back.hidden = !this.chosen();
      arrange(this.list, this.content());
    });
  }

  /** What had the focus may have been redrawn since. */
  focus(key) {
    focus(this.root, key);
  }

  content() {
    if (!this.data) {
      return [element('p', { class: 'gitops-empty' }, this.text('reading'))];
    }
    const { applications, problems, ready } = this.data;
    const broken = problems.map((one) => this.problem(one));
    const found = this.filters.of(applications);
    const empty = this.emptiness(applications, found, broken);
    this.sections.keep(new Set(applications.map(({ id }) => id)));
    return [
      ...broken,
      ready ? null : element('p', { class: 'gitops-empty' }, this.text('reading')),
      ...(this.isOverview ? this.overview(applications, found) : found.map((one) => this.section(one))),
      empty && ready ? element('p', { class: 'gitops-empty' }, empty) : null,
    ].filter((part) => part !== null);
  }

  overview(applications, found) {
    this.matrix.draw(applications, found);
    return found.length === 0 ? [] : [this.matrix.node];
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

  /** Redrawn only where it has changed. */
  section(application) {
    const gates = application.environments.map((environment) => this.flow.gates(application, environment, null));
    const deliveries = this.data.deliveries.filter((open) => open.application === application.id);
    return this.sections.node(application.id, [application, gates, deliveries], () => this.application(application));
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
      this.flow.draw(application, (environment) => this.cards.environment(application, environment)),
    );
  }

  pages(pages) {
    return pages.flatMap((page) => [' · ', this.page(page)]);
  }

  page(page) {
    return element('a', { href: `${this.root.dataset.root}/${page.url}` }, page.job);
  }

  begin() {
    this.polling = new Poll(() => this.refresh(), POLL_MILLISECONDS).begin();
    window.addEventListener('hashchange', () => this.polling.round());
  }
}

document.querySelectorAll('.gitops-deployments').forEach((root) => new DeploymentsPage(root).begin());
