/*
 * What people decide at a gate: who may, what has been said, what an approval would lead to; and the forms, each with the
 * text that its button needs.
 */
import { Refusal, element, unique } from './page.js';

export class Decision {
  /** @param card of the gate */
  constructor(card) {
    this.card = card;
    this.id = card.id;
    this.refusal = new Refusal();
    this.asked = element('div');
    this.next = element('p', { id: `next-${this.id}`, class: 'gitops-quiet gitops-form__why' });
    this.approve = this.button('approve', '', () => ({ comment: this.comment.value }));
    this.approve.setAttribute('aria-describedby', this.next.id);
    this.withdraw = this.button('withdraw', '', () => ({}));
    this.comment = this.field('comment');
    this.rejection = this.field('rejectReason');
    this.reason = this.field('overrideReason');
    this.commentLabel = this.label('comment');
    this.waived = element('p');
    this.reject = this.folded('reject', this.label('rejectReason'), this.rejection, () => ({ reason: this.rejection.value }));
    this.override = this.folded('override', this.waived, this.label('overrideReason'), this.reason, () => ({
      reason: this.reason.value,
      skip: this.waivable().join(','),
    }));
    this.form = element(
      'div',
      { class: 'gitops-form' },
      this.commentLabel,
      this.comment,
      element('div', { class: 'gitops-form__buttons' }, this.approve, this.withdraw),
      this.next,
      this.reject,
      this.override,
    );
    this.node = element('div', { class: 'gitops-decision' }, this.asked, this.form, this.refusal.node);
  }

  get gate() {
    return this.card.gate;
  }

  text(key, ...values) {
    return this.card.text(key, ...values);
  }

  field(key) {
    return element('textarea', { id: `${key}-${this.id}`, name: key, class: 'jenkins-input', rows: '2', maxlength: '2000' });
  }

  label(key) {
    return element('label', { for: `${key}-${this.id}`, class: 'jenkins-form-label' }, this.text(key));
  }

  /** What stands apart from the ordinary decision; the last of the content gives its parameters. */
  folded(verb, ...content) {
    const parameters = content.pop();
    const style = verb === 'override' ? 'jenkins-!-destructive-color' : '';
    return element(
      'details',
      { class: `gitops-details gitops-details--${verb}` },
      element('summary', {}, this.text(`${verb}Unfold`)),
      ...content,
      element('div', { class: 'gitops-form__buttons' }, this.button(verb, style, parameters)),
    );
  }

  button(verb, style, parameters) {
    const made = element('button', { type: 'button', class: `jenkins-button ${style}`, 'data-verb': verb }, this.text(verb));
    made.addEventListener('click', async () => {
      made.disabled = true;
      if (await this.send(verb, parameters())) {
        this.form.querySelectorAll('textarea').forEach((field) => (field.value = ''));
      }
      made.disabled = false;
      this.showForm();
      if (document.activeElement === document.body) {
        (this.form.hidden || made.hidden || made.disabled ? this.card.node : made).focus();
      }
    });
    return made;
  }

  /** Sends a decision. What is refused is told here, in the card that it was tried in. */
  async send(verb, parameters) {
    const refusal = await this.card.page.post(verb, { gate: this.id, decision: unique(), ...parameters });
    await this.card.page.polling.round();
    this.refusal.show(refusal);
    return !refusal;
  }

  show() {
    this.asked.replaceChildren(...(this.card.isOpen() ? [...this.expiry(), ...this.whoMay(), ...this.outcome()] : []));
    this.node.dataset.open = this.card.isOpen();
    this.showForm();
  }

  /** Who would be refused sees why, instead of a button that refuses them. */
  showForm() {
    const { gate } = this;
    const why = gate.approveRefusal || '';
    const approves = this.card.may('approve');
    this.form.hidden = !this.card.isOpen();
    this.approve.disabled = Boolean(why);
    this.approve.classList.toggle('jenkins-button--primary', !why);
    this.comment.hidden = Boolean(why);
    this.commentLabel.hidden = Boolean(why);
    this.next.textContent = why || gate.approveNext || '';
    this.withdraw.hidden = !gate.withdrawable;
    this.reject.hidden = !approves;
    this.override.hidden = !this.card.may('override') || this.waivable().length === 0;
    this.waived.textContent = this.text('overrideSkips', this.waivable().join(', '));
  }

  expiry() {
    const { expiresAt } = this.gate;
    return expiresAt
      ? [element('p', { class: 'gitops-quiet' }, `${this.text('expires')} `, ...this.card.page.deadline(expiresAt))]
      : [];
  }

  whoMay() {
    const needed = this.gate.requirements.find(({ id }) => id === 'approvals');
    return needed ? [element('p', {}, element('strong', {}, this.text('needed')), ` ${needed.reason}`)] : [];
  }

  /** What people have said so far. */
  outcome() {
    const { approvals, checklist } = this.gate;
    return [
      ...this.card.section('checklist', checklist.length, () => [
        element('ul', { class: 'gitops-checklist' }, ...checklist.map((one) => this.tick(one))),
      ]),
      ...this.card.section('approvals', approvals.length, () => [
        element('ul', {}, ...approvals.map((vote) => this.vote(vote))),
      ]),
    ];
  }

  tick(entry) {
    const box = element('input', {
      type: 'checkbox',
      'data-focus': `tick ${this.id} ${entry.item}`,
      disabled: !this.card.isOpen() || !this.card.may('approve'),
    });
    box.checked = Boolean(entry.by);
    box.addEventListener('change', async () => {
      if (!(await this.send(box.checked ? 'tick' : 'untick', { item: entry.item }))) {
        box.checked = !box.checked;
      }
    });
    return element(
      'li',
      {},
      element('label', {}, box, ` ${entry.item}`),
      entry.by ? element('span', { class: 'gitops-quiet' }, ` ${this.text('tickedBy', entry.by.name || entry.by.id)}`) : null,
    );
  }

  vote(vote) {
    return element(
      'li',
      {},
      element('strong', {}, vote.by.name || vote.by.id),
      ' ',
      this.card.page.time(vote.at),
      vote.comment ? `: ${vote.comment}` : null,
    );
  }

  waivable() {
    return this.gate.requirements
      .filter((one) => one.state !== 'MET' && this.gate.waivable.includes(one.id))
      .map((one) => one.id);
  }
}
