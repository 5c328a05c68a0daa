/* What of the deployments is shown: a search, and buttons for what people look for most. */
import { capitalized, element } from './page.js';

/* Each for an environment with all that is known of it, and for its cell in the overview. */

const isBehind = (environment) =>
  environment.after
    ? environment.after.some(({ ahead }) => ahead === null || ahead.length > 0)
    : environment.behind === null || environment.behind > 0;

const isBad = ({ live, current, failed, health }) =>
  failed ||
  health === 'Degraded' ||
  health === 'Missing' ||
  (live && (live.health === 'Degraded' || live.health === 'Missing')) ||
  (current && !current.rolledBack && ['FAILED', 'TIMED_OUT', 'VERIFICATION_FAILED'].includes(current.outcome));

const isStopped = ({ frozen, locks, holds, stops }) =>
  stops ? stops.length > 0 : Boolean(frozen) || locks.length > 0 || holds.length > 0;

export class Filters {
  /** @param page has the texts, and whose draw() shows what is left */
  constructor(page) {
    this.page = page;
    this.chosen = new Set();
    const conditions = {
      yours: (application, environment) => page.flow.gates(application, environment, null).some((gate) => gate.yours),
      behind: (application, environment) => isBehind(environment),
      failed: (application, environment) => isBad(environment),
      stopped: (application, environment) => isStopped(environment),
    };
    this.conditions = conditions;
    this.search = element('input', {
      type: 'search',
      class: 'jenkins-input gitops-search',
      placeholder: page.text('search'),
      'aria-label': page.text('search'),
    });
    this.search.addEventListener('input', () => page.draw());
    this.buttons = new Map(Object.keys(conditions).map((key) => [key, this.button(key)]));
    this.node = element(
      'div',
      { class: 'gitops-filters', role: 'search' },
      this.search,
      element('div', { class: 'gitops-filters__chips', role: 'group', 'aria-label': page.text('filters') }, ...this.buttons.values()),
      element('a', { class: 'gitops-filters__link', href: `${page.root.dataset.endpoint}figures` }, page.text('figures')),
    );
  }

  button(key) {
    return element(
      'button',
      {
        type: 'button',
        class: 'jenkins-button gitops-chip',
        'aria-pressed': 'false',
        'data-filter': key,
        onclick: () => {
          this.chosen[this.chosen.has(key) ? 'delete' : 'add'](key);
          this.page.draw();
        },
      },
      this.label(key, 0),
    );
  }

  label(key, count) {
    return this.page.text(`filter${capitalized(key)}`, count);
  }

  /** What is typed, and chosen: a redraw is needed when it changes. */
  key() {
    return [this.words(), ...this.chosen];
  }

  words() {
    return this.search.value.trim().toLowerCase();
  }

  /** Why nothing is left. */
  nothing() {
    return this.words() === '' ? this.page.text('noneLeft') : this.page.text('noMatch', this.search.value.trim());
  }

  /** Those that are left; says on the buttons how many each would leave. */
  of(applications) {
    for (const [key, button] of this.buttons) {
      const count = applications.filter((application) => this.has(application, key)).length;
      button.textContent = this.label(key, count);
      button.setAttribute('aria-pressed', String(this.chosen.has(key)));
    }
    return applications.filter(
      (application) => this.names(application) && [...this.chosen].every((key) => this.has(application, key)),
    );
  }

  has(application, key) {
    return application.environments.some((environment) => this.conditions[key](application, environment));
  }

  names(application) {
    const words = [application.name, application.repository];
    for (const { name, current, images, version } of application.environments) {
      words.push(name, version || '', ...Object.values(images || {}));
      words.push(...(current ? [current.commit, ...Object.values(current.images)] : []));
    }
    return words.some((text) => text.toLowerCase().includes(this.words()));
  }
}
