/*
 * The environments of an application in their order, from left to right; in front of each, a line from where its releases
 * come from, with the state of the promotion: what waits, what stops it, and how many changes have not come yet.
 */
import { element, version } from './page.js';

/** How many environments lie before one, at most, on the way to it. */
function depths(environments) {
  const known = new Map();
  const find = (environment) => {
    if (!known.has(environment.name)) {
      known.set(environment.name, 0);
      const before = environment.after.map(({ environment: name }) => environments.find((one) => one.name === name));
      known.set(environment.name, Math.max(-1, ...before.filter(Boolean).map(find)) + 1);
    }
    return known.get(environment.name);
  };
  environments.forEach(find);
  return known;
}

export class Flow {
  /** @param page has the texts, the data, and what is folded open */
  constructor(page) {
    this.page = page;
  }

  text(key, ...values) {
    return this.page.text(key, ...values);
  }

  /** @param card makes an environment's */
  draw(application, card) {
    const depth = depths(application.environments);
    const columns = [];
    for (const environment of application.environments) {
      const at = depth.get(environment.name);
      columns[at] = columns[at] || element('div', { class: 'gitops-flow__column' });
      columns[at].append(this.step(application, environment, card(environment)));
    }
    return element(
      'div',
      { class: 'gitops-flow gitops-scroll', tabindex: '0', role: 'group', 'aria-label': this.text('flowOf', application.name) },
      ...columns,
    );
  }

  step(application, environment, card) {
    const lines = environment.after.map((source) => this.line(application, environment, source));
    return element(
      'div',
      { class: 'gitops-flow__step' },
      lines.length === 0 ? null : element('div', { class: 'gitops-flow__lines' }, ...lines),
      card,
    );
  }

  /** The gates of a promotion that wait; from anywhere, where no source is given. */
  gates(application, environment, from) {
    const { gates } = this.page.data;
    if (gates !== this.indexed) {
      this.indexed = gates;
      this.index = new Map();
      for (const gate of gates) {
        const key = `${gate.application}/${gate.environment}`;
        this.index.set(key, [...(this.index.get(key) || []), gate]);
      }
    }
    return (this.index.get(`${application.name}/${environment.name}`) || []).filter(
      (gate) => (from === null || gate.from === from) && application.pages.some(({ job }) => job === gate.job),
    );
  }

  line(application, environment, source) {
    const from = source.environment;
    const gates = this.gates(application, environment, from);
    const isMoving = gates.length > 0;
    const isStopped = environment.frozen || environment.locks.length > 0 || environment.holds.length > 0;
    const ahead = source.ahead && source.ahead.length > 0;
    const kind = isMoving ? 'waiting' : isStopped ? 'stopped' : ahead || source.ahead === null ? 'behind' : 'even';
    return element(
      'div',
      { class: `gitops-flow__line gitops-flow__line--${kind}`, 'data-from': from },
      element('span', { class: 'gitops-flow__from' }, this.text('after', from)),
      ...gates.map((gate) => this.gate(gate)),
      environment.locks.length > 0 ? element('span', {}, this.text('lineLocked')) : null,
      environment.frozen ? element('span', {}, this.text('lineFrozen'), ...this.page.cards.until(environment.frozenUntil)) : null,
      environment.holds.length > 0 ? element('span', {}, this.text('lineHeld')) : null,
      this.behind(application, environment, source),
      element('span', {}, this.page.comparison.button(application, from, environment.name, this.text('compare'))),
    );
  }

  gate(gate) {
    return element(
      'span',
      { class: 'gitops-flow__gate' },
      element(
        'a',
        { href: `${this.page.root.dataset.root}/${gate.url}`, class: gate.yours ? 'gitops-flow__yours' : null, title: gate.explanation },
        this.text(gate.yours ? 'waitsForYou' : 'gateWaits'),
      ),
      gate.approvals ? element('span', { class: 'gitops-quiet' }, ` ${gate.approvals}`) : null,
    );
  }

  behind(application, environment, { environment: from, ahead }) {
    if (ahead === null) {
      return Object.keys(environment.images).length === 0 ? null : element('span', { class: 'gitops-quiet' }, this.text('differs'));
    }
    if (ahead.length === 0) {
      return element('span', { class: 'gitops-quiet' }, this.text('even'));
    }
    return this.page.cards.folding(
      `behind ${application.id} ${environment.name} ${from}`,
      ahead.length === 1 ? this.text('behindOne') : this.text('behind', ahead.length),
      element('ol', { class: 'gitops-history' }, ...ahead.map((change) => element('li', {}, ...this.change(application, change)))),
    );
  }

  change(application, change) {
    return [
      Object.entries(change.images)
        .map(([name, reference]) => `${name} ${version(reference)}`)
        .join(', '),
      ' ',
      this.page.cards.commit(application, change.commit),
      ...this.page.cards.origin(change.committedAt, change),
    ];
  }
}
