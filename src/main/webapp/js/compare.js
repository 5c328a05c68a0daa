/*
 * Two environments of an application side by side, in a dialog: what Git has of both, and what a promotion from the one to
 * the other would do now. Read when somebody opens it.
 */
import { commits, lineCounts, lines, requirements, versions } from './change.js';
import { element, state } from './page.js';

const AGAIN_MILLISECONDS = 1000;

/** A longer difference is folded until somebody opens it. */
const MOST_LINES = 20;

export class Comparison {
  /** @param page has the texts, and reads what the server compares */
  constructor(page) {
    this.page = page;
    this.title = element('h2', { id: 'gitops-compare-title', class: 'gitops-dialog__title' });
    this.from = this.choice('from');
    this.to = this.choice('to');
    this.content = element('div', { class: 'gitops-compare__content', role: 'status' });
    this.node = element(
      'dialog',
      { class: 'gitops-dialog gitops-compare', 'aria-labelledby': 'gitops-compare-title' },
      this.title,
      element('p', { class: 'gitops-compare__choices' }, ...this.from.parts, ...this.to.parts),
      this.content,
      element(
        'div',
        { class: 'gitops-form__buttons' },
        element(
          'button',
          { type: 'button', class: 'jenkins-button', 'data-verb': 'close', onclick: () => this.node.close() },
          this.text('close'),
        ),
      ),
    );
    this.node.addEventListener('close', () => {
      clearTimeout(this.timer);
      page.focus(this.opener);
    });
  }

  text(key, ...values) {
    return this.page.text(key, ...values);
  }

  choice(key) {
    const select = element('select', { id: `gitops-compare-${key}`, class: 'jenkins-select__input' });
    const first = key === 'from';
    select.addEventListener('change', () => this.show());
    return { select, parts: [element('label', { for: select.id }, this.text(first ? 'compareFrom' : 'compareTo')), select] };
  }

  /** @param from empty for the environment that releases come from; @param label of what opens it */
  button(application, from, to, label) {
    return element(
      'button',
      {
        type: 'button',
        class: 'gitops-link',
        'data-verb': 'compare',
        'data-focus': `compare ${application.id} ${from} ${to}`,
        title: this.text('compareTitle', `${application.name}/${to}`),
        onclick: () => this.open(application, from, to),
      },
      label,
    );
  }

  open(application, from, to) {
    this.opener = document.activeElement && document.activeElement.dataset.focus;
    this.application = application;
    this.title.textContent = this.text('compareOf', application.name);
    this.offer(this.from.select, application.environments.map(({ name }) => name), from);
    this.offer(this.to.select, application.environments.map(({ name }) => name), to);
    this.node.showModal();
    this.show(from);
  }

  offer(select, names, chosen) {
    select.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
    select.value = chosen;
  }

  /** @param from as it was asked for; what is chosen, where somebody chose */
  async show(from = this.from.select.value) {
    clearTimeout(this.timer);
    const query = new URLSearchParams({ application: this.application.id, from, to: this.to.select.value });
    this.asked = query;
    if (!this.isReading) {
      this.isReading = true;
      this.content.replaceChildren(element('p', { class: 'gitops-empty' }, this.text('comparing')));
    }
    let found;
    try {
      found = await this.page.get(`comparison?${query}`);
    } catch (failure) {
      found = { ready: true, problem: failure.message, versions: [], files: [], commits: [], promotion: null };
    }
    if (this.asked !== query || !this.node.open) {
      return;
    }
    if (!found.ready) {
      this.timer = setTimeout(() => this.show(from), AGAIN_MILLISECONDS);
      return;
    }
    this.isReading = false;
    if (found.from) {
      this.from.select.value = found.from;
    }
    this.content.replaceChildren(...this.parts(found));
  }

  parts(found) {
    const { promotion } = found;
    return [
      found.problem ? element('p', { class: 'gitops-notice' }, found.problem) : null,
      ...this.sides(found),
      ...(promotion ? this.promotion(promotion) : []),
      ...this.changes(found),
    ].filter((part) => part !== null);
  }

  /** What Git has of both. */
  sides({ from, to, versions: rows }) {
    return rows.length === 0
      ? []
      : [
          versions(
            this.text('compareOf', this.application.name),
            [this.text('compareName'), from, to, this.text('compareDifference')],
            rows.map((row) => [row.name, row.from, row.to, row.from === row.to ? '' : state('differs', this.text('differs'))]),
          ),
        ];
  }

  /** What somebody would meet who promotes now. */
  promotion({ problem, changes, gated, explanation, requirements: asked, unasked, authors }) {
    const title = element('h3', {}, this.text('whatIf'));
    if (problem) {
      return [title, element('p', { class: 'gitops-notice' }, problem)];
    }
    if (changes.length === 0) {
      return [title, element('p', {}, this.text('whatIfNothing'))];
    }
    return [
      title,
      element('ul', { class: 'gitops-dialog__changes' }, ...this.page.orders.lines(changes).map((line) => element('li', {}, line))),
      element('p', { class: 'gitops-gate__explanation' }, ...(gated ? this.page.timed(explanation) : [this.text('whatIfNoGate')])),
      requirements(this.page, asked, false),
      unasked.length === 0 ? null : element('p', { class: 'gitops-quiet' }, this.text('whatIfUnasked', unasked.join(', '))),
      authors.length === 0 ? null : element('p', { class: 'gitops-quiet' }, this.text('whatIfAuthors', authors.join(', '))),
    ].filter((part) => part !== null);
  }

  changes({ ready, problem, to, files, commits: brought }) {
    const { all, added, removed } = lineCounts(files);
    if (ready && !problem && all === 0) {
      return [element('p', {}, this.text('compareSame', to))];
    }
    return [
      brought.length === 0 ? null : this.fold(brought.length <= MOST_LINES, this.text('compareCommits', brought.length), commits(brought)),
      all === 0 ? null : this.fold(all <= MOST_LINES, this.text('compareDiff', to, added, removed), ...lines(files)),
    ].filter((part) => part !== null);
  }

  fold(isOpen, summary, ...content) {
    return element('details', { class: 'gitops-details', open: isOpen }, element('summary', {}, summary), ...content);
  }
}
