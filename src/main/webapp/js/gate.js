/*
 * One gate: the decision first, then what it would change, what it asks for, and what has happened.
 */
import { commits, lineCounts, lines, requirements, versions } from './change.js';
import { Decision } from './decision.js';
import { element, redraw, state, word } from './page.js';

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
    redraw(this.node, () => this.draw(gate));
  }

  draw(gate) {
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
    return [
      element('h3', {}, this.text('release')),
      ...(subject.sourceEnvironment
        ? [element('p', { class: 'gitops-quiet' }, this.text('path', subject.sourceEnvironment, subject.environment))]
        : []),
      changed.length === 0
        ? element('p', {}, this.text('noChange'))
        : versions(
            this.text('release'),
            ['image', 'from', 'to'].map((key) => this.text(key)),
            changed.map(({ image, from, to }) => [image, from, to]),
          ),
      ...this.commits(subject),
      ...this.diff(subject),
    ];
  }

  commits(subject) {
    return subject.commits.length === 0
      ? []
      : [this.details('commits', false, this.text('commits', subject.commits.length), commits(subject.commits))];
  }

  diff(subject) {
    const { all, added, removed } = lineCounts(subject.files);
    return subject.files.length === 0
      ? []
      : [this.details('diff', all <= MOST_LINES, this.text('diff', added, removed), ...lines(subject.files))];
  }

  requirements() {
    const all = this.gate.requirements;
    return this.section('requirements', all.length, () => [requirements(this.page, all, !this.isOpen())]);
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
