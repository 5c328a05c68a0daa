/*
 * The orders of a page: how the last ones went, the buttons to promote, to roll back and to lock, and the dialog that asks why.
 */
import { Refusal, element, short, state, unique, version, word } from './page.js';

export class Orders {
  constructor(page) {
    this.page = page;
    this.list = element('div', { class: 'gitops-orders', role: 'status' });
    this.dialog = new OrderDialog(page);
  }

  text(key, ...values) {
    return this.page.text(key, ...values);
  }

  may(what) {
    return this.page.may(what);
  }

  draw() {
    const { data } = this.page;
    this.list.replaceChildren(...(data ? data.orders.map((order) => this.order(order, data.applications)) : []));
  }

  order(order, applications) {
    const application = applications.find((one) => one.id === order.application);
    const target = `${application ? application.name : '*'}/${order.environment}`;
    return element(
      'p',
      { class: 'gitops-order', 'data-order': order.state },
      state(order.state, this.text(`order${word(order.state)}`)),
      ` ${this.text(`kind${word(order.kind)}`)} ${target} ${this.text('by', order.by)} `,
      this.page.time(order.at),
      order.message ? `: ${order.message}` : null,
    );
  }

  buttons(application, environment) {
    const promotions = this.may('promote') ? environment.after.map((source) => source.environment) : [];
    const buttons = promotions.map((from) => this.promote(application, environment, from));
    // Where there is infrastructure alone, gitopsRollback reverts its commit.
    const releases = environment.deployments > 1 && !(environment.infrastructure && Object.keys(environment.images).length === 0);
    if (this.may('rollback') && releases) {
      buttons.push(this.rollback(application, environment, null));
    }
    if (this.may('lock')) {
      buttons.push(this.lock(application, environment));
    }
    const stuck = this.may('rollback') && releases && !environment.rollback;
    return element(
      'div',
      {},
      buttons.length === 0 ? null : element('div', { class: 'gitops-form__buttons' }, ...buttons),
      stuck ? element('p', { class: 'gitops-quiet' }, this.text('noRollback')) : null,
    );
  }

  promote(application, environment, from) {
    const target = `${application.name}/${environment.name}`;
    return element(
      'button',
      {
        type: 'button',
        class: 'jenkins-button',
        'data-verb': 'promote',
        'data-focus': `promote ${application.id} ${environment.name} ${from}`,
        'aria-label': this.text('promoteTo', from, target),
        onclick: () =>
          this.dialog.ask({
            verb: 'promote',
            title: this.text('promoteTo', from, target),
            explanation: this.text(environment.gated ? 'gateExplained' : 'promoteExplained', from, target),
            submit: this.text(environment.gated ? 'openGate' : 'promote'),
            parameters: { application: application.id, environment: environment.name, from },
          }),
      },
      this.text('promoteFrom', from),
    );
  }

  lock(application, environment) {
    const title = this.text('lockOf', `${application.name}/${environment.name}`);
    return element(
      'button',
      {
        type: 'button',
        class: 'jenkins-button',
        'data-verb': 'lock',
        'data-focus': `lock ${application.id} ${environment.name}`,
        'aria-label': title,
        onclick: () =>
          this.dialog.ask({
            verb: 'lock',
            title,
            explanation: this.text('lockExplained'),
            fields: [
              { name: 'applications', label: this.text('lockApplications'), value: application.name },
              { name: 'environments', label: this.text('lockEnvironments'), value: environment.name },
              ...this.lockFields(),
            ],
            submit: this.text('lock'),
            parameters: { application: application.id },
          }),
      },
      this.text('lock'),
    );
  }

  /** How long a lock lasts, and what else it stops. */
  lockFields() {
    return [
      { name: 'until', label: this.text('lockUntil'), placeholder: this.text('lockUntilForm') },
      { name: 'includingRollbacks', label: this.text('lockRollbacks'), type: 'checkbox' },
    ];
  }

  /** Locks everything on the page. */
  stop() {
    return element(
      'button',
      {
        type: 'button',
        class: 'jenkins-button jenkins-!-destructive-color',
        'data-verb': 'stop',
        'data-focus': 'stop',
        onclick: () =>
          this.dialog.ask({
            verb: 'stop',
            title: this.text('stop'),
            explanation: this.text('stopExplained'),
            fields: this.lockFields(),
            submit: this.text('stop'),
            parameters: {},
          }),
      },
      this.text('stop'),
    );
  }

  unlock(application, environment, lock) {
    return element(
      'button',
      {
        type: 'button',
        class: 'jenkins-button',
        'data-verb': 'unlock',
        'data-focus': `unlock ${application.id} ${environment.name} ${lock.id}`,
        'aria-label': this.text('unlockOf', lock.place),
        onclick: () =>
          this.dialog.ask({
            verb: 'unlock',
            title: this.text('unlockOf', lock.place),
            explanation: this.text('unlockExplained'),
            submit: this.text('unlock'),
            parameters: { application: application.id, environment: environment.name, lock: lock.id },
          }),
      },
      this.text('unlock'),
    );
  }

  review(application, environment, hotfix) {
    const title = this.text('reviewOf', short(hotfix.commit), `${application.name}/${environment.name}`);
    return element(
      'button',
      {
        type: 'button',
        class: 'jenkins-button',
        'data-verb': 'review',
        'data-focus': `review ${application.id} ${environment.name} ${hotfix.commit}`,
        'aria-label': title,
        onclick: () =>
          this.dialog.ask({
            verb: 'review',
            title,
            explanation: this.text('reviewExplained'),
            asks: 'comment',
            submit: this.text('review'),
            parameters: { application: application.id, environment: environment.name, commit: hotfix.commit },
          }),
      },
      this.text('review'),
    );
  }

  /** Names what comes back; @param deployment of the history, or null for the one that was healthy before */
  rollback(application, environment, deployment) {
    const target = `${application.name}/${environment.name}`;
    const back = deployment || environment.rollback;
    const changes = back ? this.changes(environment.images, back.images) : [];
    const passed = deployment || !back ? '' : this.passed(back);
    const name = this.text(deployment ? 'rollbackToThis' : 'rollback');
    const title = back ? this.text('rollbackTo', target, short(back.commit)) : this.text('rollbackOf', target);
    return element(
      'button',
      {
        type: 'button',
        class: 'jenkins-button',
        'data-verb': 'rollback',
        'data-focus': `rollback ${application.id} ${environment.name} ${deployment ? deployment.commit : ''}`,
        'aria-label': [title, ...changes].join(': '),
        title: changes.join(', '),
        disabled: !back,
        onclick: () =>
          this.dialog.ask({
            verb: 'rollback',
            title,
            explanation: [this.text('rollbackExplained'), passed && this.text('rollbackPasses', passed)].filter(Boolean).join(' '),
            changes,
            submit: this.text('rollback'),
            parameters: {
              application: application.id,
              environment: environment.name,
              commit: back.commit,
            },
          }),
      },
      passed ? this.text('rollbackPast', passed) : name,
    );
  }

  /** The releases between that nobody saw healthy. */
  passed({ images, passedOver }) {
    return passedOver
      .map((release) =>
        this.differing(images, release)
          .map(({ name, to }) => `${name} ${version(to)}`)
          .join(', '),
      )
      .filter(Boolean)
      .join('; ');
  }

  /** One line for each image that changes: name, from, to. */
  changes(from, to) {
    return this.lines(this.differing(from, to));
  }

  differing(from, to) {
    return Object.entries(to)
      .map(([name, to]) => ({ name, from: Object.hasOwn(from, name) ? from[name] : undefined, to }))
      .filter((change) => change.from !== change.to);
  }

  lines(changes) {
    return changes.map(({ name, from, to }) =>
      from ? this.text('change', name, version(from), version(to)) : `${name} ${version(to)}`,
    );
  }

  /** Whether going back to a deployment is offered, and changes an image. */
  wouldChange(environment, deployment) {
    return this.may('rollback') && this.changes(environment.images, deployment.images).length > 0;
  }
}

/** Asks why, and sends the order; stays open with what was typed when it is refused. */
class OrderDialog {
  constructor(page) {
    this.page = page;
    this.title = element('h2', { id: 'gitops-order-title', class: 'gitops-dialog__title' });
    this.explanation = element('p', {});
    this.changes = element('ul', { class: 'gitops-dialog__changes' });
    this.fields = element('div', { class: 'gitops-dialog__fields' });
    this.refusal = new Refusal();
    this.label = element('label', { for: 'gitops-order-reason' });
    this.reason = element('textarea', {
      id: 'gitops-order-reason',
      class: 'jenkins-input',
      rows: '3',
      maxlength: '500',
      required: true,
    });
    this.submit = element('button', { type: 'submit', class: 'jenkins-button jenkins-button--primary', 'data-verb': 'send' });
    const cancel = element(
      'button',
      { type: 'button', class: 'jenkins-button', onclick: () => this.node.close() },
      page.text('cancel'),
    );
    const form = element(
      'form',
      { class: 'gitops-dialog__form' },
      this.title,
      this.explanation,
      this.changes,
      this.fields,
      this.label,
      this.reason,
      this.refusal.node,
      element('div', { class: 'gitops-form__buttons' }, this.submit, cancel),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
    this.node = element('dialog', { class: 'gitops-dialog', 'aria-labelledby': 'gitops-order-title' }, form);
    this.node.addEventListener('close', () => page.focus(this.opener));
  }

  ask(order) {
    this.opener = document.activeElement.dataset.focus;
    this.order = order;
    this.decision = unique();
    this.title.textContent = order.title;
    this.explanation.textContent = order.explanation;
    this.changes.replaceChildren(...(order.changes || []).map((change) => element('li', {}, change)));
    this.changes.hidden = this.changes.children.length === 0;
    this.fields.replaceChildren(...(order.fields || []).map((field) => this.field(field)));
    this.confirmed = false;
    this.submit.textContent = order.submit;
    this.submit.disabled = false;
    this.label.textContent = this.page.text(order.asks || 'reason');
    this.reason.value = '';
    this.refusal.show(null);
    this.node.showModal();
    this.reason.focus();
  }

  field({ name, label, value, placeholder, type }) {
    const box = type === 'checkbox';
    const input = element('input', { name, type: type || 'text', class: box ? '' : 'jenkins-input', value: value || '', placeholder });
    return element('label', { class: box ? '' : 'gitops-dialog__field' }, ...(box ? [input, ` ${label}`] : [`${label} `, input]));
  }

  values() {
    const inputs = [...this.fields.querySelectorAll('input')];
    return Object.fromEntries(
      inputs.map((input) => [input.name, input.type === 'checkbox' ? String(input.checked) : input.value]),
    );
  }

  /** What was refused once is confirmed when it is sent again as it was. */
  async send() {
    const { decision } = this;
    const values = this.values();
    const sent = JSON.stringify(values);
    this.submit.disabled = true;
    const refusal = await this.page.order(this.order.verb, {
      ...this.order.parameters,
      ...values,
      ...(this.confirmed === sent ? { confirmed: 'true' } : {}),
      [this.order.asks || 'reason']: this.reason.value,
      decision,
    });
    // Whoever closed it meanwhile may be asked about another order by now.
    if (decision !== this.decision) {
      return;
    }
    this.submit.disabled = false;
    this.confirmed = sent;
    this.refusal.show(refusal);
    if (!refusal) {
      this.node.close();
    }
  }
}
