/*
 * Freezes, locks and soak ends of the days ahead, by environment. Read when somebody opens it, and while it is open when
 * the page has something new.
 */
import { element, state, word } from './page.js';

const AGAIN_MILLISECONDS = 1000;

export class Calendar {
  constructor(page) {
    this.page = page;
    this.content = element('div', { role: 'status' });
    this.node = element(
      'details',
      { class: 'gitops-details gitops-calendar' },
      element('summary', { 'data-focus': 'calendar' }, page.text('calendar')),
      this.content,
    );
    this.node.addEventListener('toggle', () => this.update());
  }

  async update() {
    clearTimeout(this.timer);
    if (!this.node.open) {
      return;
    }
    let found;
    try {
      found = await this.page.poll('calendar');
    } catch (failure) {
      this.shown = null;
      this.content.replaceChildren(element('p', { class: 'gitops-notice' }, failure.message));
      return;
    }
    if (found === undefined) {
      return;
    }
    const shown = JSON.stringify(found);
    if (shown !== this.shown) {
      this.shown = shown;
      this.content.replaceChildren(this.drawn(found));
    }
    if (!found.ready) {
      this.timer = setTimeout(() => this.update(), AGAIN_MILLISECONDS);
    }
  }

  drawn({ ready, entries }) {
    const { page } = this;
    if (entries.length === 0) {
      return element('p', { class: 'gitops-empty' }, page.text(ready ? 'calendarNone' : 'reading'));
    }
    const environments = [...new Set(entries.map(({ environment }) => environment))];
    return element(
      'div',
      { class: 'gitops-scroll', tabindex: '0', role: 'region', 'aria-label': page.text('calendar') },
      element(
        'table',
        { class: 'jenkins-table' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['calendarWhat', 'calendarFrom', 'calendarUntil', 'calendarApplications'].map((key) =>
              element('th', { scope: 'col' }, page.text(key)),
            ),
          ),
        ),
        ...environments.map((name) => this.environment(name, entries.filter(({ environment }) => environment === name))),
      ),
    );
  }

  environment(name, entries) {
    return element(
      'tbody',
      { 'data-environment': name },
      element('tr', { class: 'gitops-matrix__group' }, element('th', { colspan: '4', scope: 'rowgroup' }, name)),
      ...entries.map((entry) => this.entry(entry)),
    );
  }

  entry({ kind, what, from, until, applications, more }) {
    const { page } = this;
    const names = applications.join(', ');
    return element(
      'tr',
      { 'data-kind': kind },
      element('td', {}, state(kind === 'SOAK' ? 'pending' : 'stopped', page.text(`calendar${word(kind)}`)), ` ${what}`),
      element('td', {}, new Date(from) <= new Date() ? page.text('calendarNow') : page.time(from)),
      element('td', {}, ...(until ? page.deadline(until) : [page.text('calendarOpen')])),
      element('td', {}, more === 0 ? names : page.text('calendarMore', names, more)),
    );
  }
}
