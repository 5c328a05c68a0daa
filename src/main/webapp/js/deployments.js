/*
 * Every application with its environments from left to right, in <div class="gitops-deployments">. Texts come from the
 * page (data-text-… attributes) or from the server, and are only ever set as text.
 */
(() => {
  'use strict';

  const POLL_MILLISECONDS = 10000;
  const SOON_MILLISECONDS = 1000;

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false && value !== null && value !== undefined) {
        made.setAttribute(name, value);
      }
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  function version(reference) {
    return reference.replace(/^[^@]*\/[^:@]*[:@]/, '');
  }

  function word(constant) {
    return constant[0] + constant.slice(1).toLowerCase();
  }

  class DeploymentsPage {
    constructor(root) {
      this.root = root;
      this.data = null;
      this.shown = null;
      this.problem = element('p', { class: 'gitops-notice', role: 'alert', hidden: '' });
      this.search = element('input', {
        type: 'search',
        class: 'jenkins-input gitops-search',
        placeholder: this.text('search'),
        'aria-label': this.text('search'),
      });
      this.search.addEventListener('input', () => this.draw());
      this.list = element('div', { class: 'gitops-deployments__list', 'aria-live': 'polite' });
      this.root.replaceChildren(this.problem, this.search, this.list);
    }

    text(key, ...values) {
      const pattern = this.root.dataset[`text${key[0].toUpperCase()}${key.slice(1)}`] || key;
      return pattern.replace(/\{(\d)\}/g, (whole, index) => values[Number(index)] ?? whole);
    }

    time(instant) {
      const date = new Date(instant);
      return element(
        'time',
        { datetime: instant, title: date.toString() },
        date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
      );
    }

    async refresh() {
      try {
        const answer = await fetch(this.root.dataset.endpoint, { headers: { Accept: 'application/json' } });
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        this.data = await answer.json();
        this.problem.hidden = true;
      } catch (failure) {
        this.problem.textContent = this.text('unreachable', failure.message);
        this.problem.hidden = false;
      }
      this.draw();
      return this.data && this.data.ready;
    }

    draw() {
      const wanted = this.search.value.trim().toLowerCase();
      const key = JSON.stringify([this.data, wanted]);
      if (key === this.shown) {
        return;
      }
      this.shown = key;
      this.list.replaceChildren(...this.content(wanted));
    }

    content(wanted) {
      if (!this.data || !this.data.ready) {
        return [element('p', { class: 'gitops-empty' }, this.text('reading'))];
      }
      const broken = this.data.repositories
        .filter((repository) => repository.problem)
        .map((repository) => element('p', { class: 'gitops-notice' }, `${repository.repository}: ${repository.problem}`));
      const all = this.data.repositories.flatMap((repository) => repository.applications);
      if (all.length === 0 && broken.length === 0) {
        return [element('p', { class: 'gitops-empty' }, this.text('none'))];
      }
      const found = all.filter((application) => this.matches(application, wanted));
      return [
        ...broken,
        ...found.map((application) => this.application(application)),
        found.length === 0 && wanted ? element('p', { class: 'gitops-empty' }, this.text('noMatch', wanted)) : null,
      ].filter((part) => part !== null);
    }

    matches(application, wanted) {
      const words = [application.name];
      for (const environment of application.environments) {
        const current = environment.history[0];
        words.push(environment.name, ...(current ? [current.commit, ...Object.values(current.images)] : []));
      }
      return words.some((text) => text.toLowerCase().includes(wanted));
    }

    application(application) {
      return element(
        'section',
        { class: 'gitops-application', 'data-application': application.name },
        element('h2', {}, application.name),
        element('div', { class: 'gitops-environments' }, ...application.environments.map((one) => this.environment(one))),
      );
    }

    environment(environment) {
      const [current, ...earlier] = environment.history;
      return element(
        'article',
        { class: 'gitops-card', 'data-environment': environment.name },
        element('h3', { class: 'gitops-card__title' }, environment.name),
        environment.after.length === 0
          ? null
          : element('p', { class: 'gitops-quiet' }, this.text('after', environment.after.join(', '))),
        ...(current ? this.deployment(current) : [element('p', { class: 'gitops-quiet' }, this.text('never'))]),
        earlier.length === 0
          ? null
          : element(
              'details',
              { class: 'gitops-details' },
              element('summary', {}, this.text('history')),
              element('ol', { class: 'gitops-history' }, ...earlier.map((one) => element('li', {}, ...this.deployment(one)))),
            ),
      );
    }

    deployment(one) {
      return [
        element(
          'p',
          {},
          element(
            'span',
            { class: `gitops-state gitops-state--${one.outcome.toLowerCase()}` },
            one.rolledBack ? this.text('rolledBack') : this.text(`outcome${word(one.outcome)}`),
          ),
        ),
        element(
          'dl',
          { class: 'gitops-images' },
          ...Object.entries(one.images).flatMap(([name, reference]) => [
            element('dt', {}, name),
            element('dd', { title: reference }, version(reference)),
          ]),
        ),
        element(
          'p',
          { class: 'gitops-quiet' },
          `${this.text(`kind${word(one.kind)}`)} `,
          element('code', { title: one.commit }, one.commit.substring(0, 7)),
          ` ${this.text('since')} `,
          this.time(one.committedAt),
          ` ${this.text('by', one.who.join(', '))} `,
          one.run ? element('a', { href: one.run }, this.text('run')) : null,
        ),
      ];
    }
  }

  function begin(root) {
    const page = new DeploymentsPage(root);
    const poll = async () => {
      const ready = document.hidden || (await page.refresh());
      setTimeout(poll, ready ? POLL_MILLISECONDS : SOON_MILLISECONDS);
    };
    poll();
  }

  document.querySelectorAll('.gitops-deployments').forEach(begin);
})();
