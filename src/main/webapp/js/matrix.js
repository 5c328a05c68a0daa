/*
 * Many applications at a glance: a row for each, a column for each environment. Only rows that have changed are redrawn.
 */
import { Drawn, arrange, capitalized, element, state } from './page.js';

/** Argo CD's words where all is well. */
const HEALTHY = 'Healthy';
const SYNCED = 'Synced';

/** Rows that are drawn at once, about what a screen shows; the rest follow in parts, between which the page is free. */
const AT_ONCE = 60;
const MORE = 200;

const SORTS = ['name', 'behind', 'latest'];
const GROUPS = ['none', 'repository', 'folder'];

/** How far an application is behind in all; what cannot be counted goes first. */
const behind = ({ environments }) => environments.reduce((sum, one) => sum + (one.behind ?? 100), 0);

const latest = ({ environments }) => environments.reduce((last, { at }) => (at && at > last ? at : last), '');

const folder = ({ pages }) => (pages.length === 0 ? '' : pages[0].job.split('/').slice(0, -1).join('/'));

const COMPARE = {
  name: () => 0,
  behind: (one, other) => behind(other) - behind(one),
  latest: (one, other) => latest(other).localeCompare(latest(one)),
};

const GROUP = { none: () => '', repository: ({ repository }) => repository, folder };

/** Environments of all applications, in the order in which most have them. */
function columns(applications) {
  const places = new Map();
  for (const { environments } of applications) {
    environments.forEach(({ name }, at) => {
      const known = places.get(name) || { sum: 0, count: 0 };
      places.set(name, { sum: known.sum + at, count: known.count + 1 });
    });
  }
  const mean = ({ sum, count }) => sum / count;
  return [...places].sort(([, one], [, other]) => mean(one) - mean(other)).map(([name]) => name);
}

export class Matrix {
  /** @param page has the texts, the gates by environment, and draws again */
  constructor(page) {
    this.page = page;
    this.rows = new Drawn();
    this.sort = this.choice('sort', SORTS);
    this.group = this.choice('group', GROUPS);
    this.head = element('tr');
    this.body = element('tbody');
    this.node = element(
      'div',
      {},
      element('p', { class: 'gitops-matrix__choices' }, ...this.sort.parts, ...this.group.parts),
      element(
        'div',
        { class: 'gitops-scroll', tabindex: '0', role: 'region', 'aria-label': page.text('matrix') },
        element('table', { class: 'jenkins-table gitops-matrix' }, element('thead', {}, this.head), this.body),
      ),
    );
  }

  choice(key, values) {
    const select = element(
      'select',
      { id: `gitops-${key}`, class: 'jenkins-select__input' },
      ...values.map((value) => element('option', { value }, this.page.text(`${key}${capitalized(value)}`))),
    );
    select.addEventListener('change', () => this.page.draw());
    return { select, parts: [element('label', { for: select.id }, this.page.text(`${key}By`)), select] };
  }

  key() {
    return [this.sort.select.value, this.group.select.value];
  }

  /** @param all of the page, which say what columns there are; @param found of these, what the filters leave */
  draw(all, found) {
    const names = columns(all);
    const head = JSON.stringify(names);
    if (head !== this.shownHead) {
      this.shownHead = head;
      this.rows = new Drawn();
      this.head.replaceChildren(
        ...[this.page.text('application'), ...names].map((name) => element('th', { scope: 'col' }, name)),
      );
    }
    this.rows.keep(new Set(all.map(({ id }) => id)));
    this.show(this.ordered(found, names), Math.max(AT_ONCE, this.body.childElementCount));
  }

  /** @param count of the rows that are shown now */
  show(rows, count) {
    clearTimeout(this.next);
    arrange(this.body, rows.slice(0, count));
    if (count < rows.length) {
      this.next = setTimeout(() => this.show(rows, count + MORE));
    }
  }

  ordered(found, names) {
    const groupOf = GROUP[this.group.select.value];
    const compare = COMPARE[this.sort.select.value];
    const sorted = [...found].sort(compare);
    const groups = new Map();
    for (const application of sorted) {
      const group = groupOf(application);
      groups.set(group, [...(groups.get(group) || []), application]);
    }
    return [...groups]
      .sort(([one], [other]) => one.localeCompare(other))
      .flatMap(([group, members]) => [
        ...(this.group.select.value === 'none' ? [] : [this.title(group, members.length, names)]),
        ...members.map((application) => this.row(application, names)),
      ]);
  }

  title(group, count, names) {
    return element(
      'tr',
      { class: 'gitops-matrix__group' },
      element('th', { colspan: names.length + 1, scope: 'colgroup' }, `${group || this.page.text('groupRest')} (${count})`),
    );
  }

  row(application, names) {
    const gates = application.environments.map((one) => this.page.flow.gates(application, one, null));
    return this.rows.node(application.id, [application, gates], () => {
      const cells = new Map(application.environments.map((one, at) => [one.name, this.cell(application, one, gates[at])]));
      return element(
        'tr',
        { 'data-application': application.name },
        element(
          'th',
          { scope: 'row' },
          element('a', { href: `#application=${application.id}`, 'data-focus': `row ${application.id}` }, application.name),
        ),
        ...names.map((name) => cells.get(name) || element('td')),
      );
    });
  }

  /** The version, and what is not as it should be: a cell without a word is healthy and up to date. */
  cell(application, one, gates) {
    const compare = (key, ...values) => this.page.comparison.button(application, '', one.name, this.page.text(key, ...values));
    const words = [
      ...gates.map((gate) =>
        element(
          'a',
          { href: `${this.page.root.dataset.root}/${gate.url}`, class: gate.yours ? 'gitops-flow__yours' : null, title: gate.explanation },
          this.page.text(gate.yours ? 'cellYours' : 'cellGate'),
        ),
      ),
      one.failed ? state('failed', this.page.text('outcomeFailed')) : null,
      one.health && one.health !== HEALTHY ? state(one.health, one.health) : null,
      one.sync && one.sync !== SYNCED ? state(one.sync, one.sync) : null,
      ...one.stops.map((stop) => state('stopped', this.page.text(`cell${capitalized(stop)}`))),
      one.behind === null && one.version ? compare('differs') : null,
      one.behind > 0 ? compare('cellBehind', one.behind) : null,
      one.outside ? this.quiet('cellOutside') : null,
    ].filter((part) => part !== null);
    return element(
      'td',
      { 'data-environment': one.name },
      element(
        'span',
        { class: 'gitops-matrix__version', title: one.at ? new Date(one.at).toString() : null },
        one.version || this.page.text('cellNone'),
      ),
      ...words.flatMap((part) => [' ', part]),
    );
  }

  quiet(key, ...values) {
    return element('span', { class: 'gitops-quiet' }, this.page.text(key, ...values));
  }
}
