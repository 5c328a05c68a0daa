/*
 * One gate: the decision first, then what it would change, what it asks for, and what has happened.
 */
import { Decision } from './decision.js';
import { element, focus, short, state, version, word } from './page.js';

const NO_VERSION = '\u2013';

/** A longer difference is folded until somebody opens it. */
const MOST_LINES = 20;

/** What is known of it is redrawn when it changes; what somebody types into the form stays. */
export class GateCard {
  constructor(page, gate) {
    this.page = page;
    this.id = gate.id;
    this.gate = gate;
    this.opened = new Map();
    this.head = element('header', { class: 'gitops-gate__head' });
    this.explanation = element('p', { class: 'gitops-gate__explanation', role: 'status' });
    this.decision = new Decision(this);
    this.rest = element('div');
    this.node = element(
      'section',
      { class: 'gitops-gate', 'aria-labelledby': `gate-${gate.id}`, tabindex: '-1', 'data-gate': gate.target },
      this.head,
      this.explanation,
      this.decision.node,
      this.rest,
    );
  }

  show(gate) {
    const shown = JSON.stringify(gate);
    if (shown === this.shown) {
      return;
    }
    this.shown = shown;
    this.gate = gate;
    this.node.dataset.status = gate.status;
    const focused = document.activeElement && document.activeElement.dataset.focus;
    this.head.replaceChildren(
      element('h2', { id: `gate-${gate.id}`, class: 'gitops-gate__title' }, gate.target),
      state(gate.status, this.text(`status${word(gate.status)}`)),
      element('span', { class: 'gitops-quiet' }, this.page.time(gate.openedAt)),
    );
    // Set only when it changed: a screen reader says it then.
    if (this.explained !== gate.explanation) {
      this.explained = gate.explanation;
      this.explanation.replaceChildren(...this.page.timed(gate.explanation));
    }
    this.decision.show();
    this.rest.replaceChildren(...this.parts());
    if (focused) {
      focus(this.node, focused);
    }
  }

  text(key, ...values) {
    return this.page.text(key, ...values);
  }

  may(what) {
    return this.page.may(what);
  }

  isOpen() {
    return this.gate.status === 'OPEN';
  }

  /** What has ended is folded. */
  parts() {
    const release = this.release(this.gate.subject);
    return this.isOpen()
      ? [...release, ...this.requirements(), this.history()]
      : [
          this.details(
            'ended',
            false,
            this.text('details'),
            ...release,
            ...this.requirements(),
            ...this.decision.outcome(),
            this.history(),
          ),
        ];
  }

  section(key, length, content) {
    return length === 0 ? [] : [element('h3', {}, this.text(key)), ...content()];
  }

  release(subject) {
    if (subject.question) {
      return [];
    }
    const changed = subject.changes.filter((change) => change.from !== change.to);
    const rows = changed.map((change) =>
      element(
        'tr',
        {},
        element('td', {}, change.image),
        element('td', { title: change.from }, change.from ? version(change.from) : NO_VERSION),
        element('td', { title: change.to }, version(change.to)),
      ),
    );
    return [
      element('h3', {}, this.text('release')),
      element('p', { class: 'gitops-quiet' }, this.text('path', subject.sourceEnvironment, subject.environment)),
      rows.length === 0
        ? element('p', {}, this.text('noChange'))
        : element(
            'div',
            { class: 'gitops-scroll', tabindex: '0', role: 'region', 'aria-label': this.text('release') },
            element(
              'table',
              { class: 'jenkins-table gitops-table' },
              element(
                'thead',
                {},
                element('tr', {}, ...['image', 'from', 'to'].map((key) => element('th', { scope: 'col' }, this.text(key)))),
              ),
              element('tbody', {}, ...rows),
            ),
          ),
      ...this.commits(subject),
      ...this.diff(subject),
    ];
  }

  commits(subject) {
    return subject.commits.length === 0
      ? []
      : [
          this.details(
            'commits',
            false,
            this.text('commits', subject.commits.length),
            element(
              'ul',
              {},
              ...subject.commits.map((one) =>
                element(
                  'li',
                  {},
                  element('code', { title: one.commit }, short(one.commit)),
                  ` ${one.subject} `,
                  element('span', { class: 'gitops-quiet' }, one.authors.join(', ')),
                ),
              ),
            ),
          ),
        ];
  }

  diff(subject) {
    const lines = subject.files.flatMap((file) => file.lines);
    const added = lines.filter(({ kind }) => kind === 'ADDED').length;
    return subject.files.length === 0
      ? []
      : [
          this.details(
            'diff',
            lines.length <= MOST_LINES,
            this.text('diff', added, lines.length - added),
            ...subject.files.flatMap((file) => [
              element('p', { class: 'gitops-diff__path' }, file.path),
              element(
                'div',
                { class: 'gitops-scroll', tabindex: '0', role: 'region', 'aria-label': file.path },
                element('pre', { class: 'gitops-diff' }, ...file.lines.map((line) => this.line(line))),
              ),
            ]),
          ),
        ];
  }

  line(line) {
    const added = line.kind === 'ADDED';
    return element(
      added ? 'ins' : 'del',
      { class: `gitops-diff__line gitops-diff__line--${added ? 'added' : 'removed'}` },
      `${added ? '+' : '\u2212'} ${line.text}\n`,
    );
  }

  requirements() {
    const { requirements } = this.gate;
    return this.section('requirements', requirements.length, () => [
      element('ul', { class: 'gitops-requirements' }, ...requirements.map((one) => this.requirement(one))),
    ]);
  }

  requirement(one) {
    return element(
      'li',
      { class: 'gitops-requirement', 'data-requirement': one.id },
      this.requirementState(one),
      element('span', {}, element('strong', {}, one.id), ' ', ...this.page.timed(one.reason)),
      one.until ? element('span', { class: 'gitops-quiet' }, ` ${this.text('until')} `, ...this.page.deadline(one.until)) : null,
      one.details.length === 0
        ? null
        : element(
            'ul',
            { class: 'gitops-quiet', 'data-details': one.id },
            ...one.details.map((detail) => element('li', {}, ...this.page.timed(detail))),
          ),
    );
  }

  /** An ended gate waits for nothing. */
  requirementState({ state: now }) {
    return now === 'PENDING' && !this.isOpen()
      ? state('unmet', this.text('stateUnmet'))
      : state(now, this.text(`state${word(now)}`));
  }

  history() {
    return this.details(
      'history',
      true,
      this.text('history'),
      element(
        'ol',
        { class: 'gitops-timeline' },
        ...this.gate.history.map((line) =>
          element('li', {}, element('span', { class: 'gitops-quiet' }, this.page.time(line.at)), ' ', ...this.page.timed(line.text)),
        ),
      ),
    );
  }

  /** Stays as somebody left it while the page is redrawn. */
  details(key, isOpen, summary, ...content) {
    const made = element(
      'details',
      { class: 'gitops-details', open: this.opened.get(key) ?? isOpen },
      element('summary', { 'data-focus': `${key} ${this.id}` }, summary),
      ...content,
    );
    made.addEventListener('toggle', () => this.opened.set(key, made.open));
    return made;
  }
}
