/*
 * The gates that wait: those for whoever looks at the page first, of which several can be decided at once, each by a
 * request of its own to its own page; then the rest. Only what has changed is redrawn.
 */
import { Drawn, arrange, element, state, unique } from './page.js';

/** More gates that wait for others are folded. */
const MOST_OF_OTHERS = 5;

export class Waiting {
  constructor(page) {
    this.page = page;
    this.drawn = new Drawn();
    this.chosen = new Set();
    this.isDeciding = false;
    this.yours = element('ul', { class: 'gitops-waiting__list' });
    this.others = element('ul', { class: 'gitops-waiting__list' });
    this.title = element('h2', { class: 'gitops-waiting__title' });
    this.summary = element('summary', { 'data-focus': 'others' });
    this.fold = element('details', { class: 'gitops-details', hidden: true }, this.summary, this.others);
    this.all = element('input', { type: 'checkbox', 'data-focus': 'waiting all' });
    this.all.addEventListener('change', () => this.choose(this.all.checked));
    this.said = element('ul', { class: 'gitops-waiting__said' });
    this.text = element('textarea', { id: 'gitops-waiting-text', class: 'jenkins-input', rows: '1', maxlength: '2000' });
    this.buttons = ['approve', 'reject'].map((verb) => this.button(verb));
    this.form = element(
      'div',
      { class: 'gitops-form' },
      element('label', { class: 'gitops-waiting__all' }, this.all, ` ${page.text('waitingAll')}`),
      element('label', { for: 'gitops-waiting-text', class: 'jenkins-form-label' }, page.text('waitingText')),
      this.text,
      element('div', { class: 'gitops-form__buttons' }, ...this.buttons),
    );
    this.mine = element('section', { class: 'gitops-waiting', id: 'waiting', hidden: true }, this.title, this.yours, this.form);
    this.node = element('div', { class: 'gitops-orders' }, this.mine, element('div', { role: 'status' }, this.said), this.fold);
  }

  button(verb) {
    const style = verb === 'approve' ? 'jenkins-button--primary' : '';
    return element(
      'button',
      { type: 'button', class: `jenkins-button ${style}`, 'data-verb': `${verb}-chosen`, onclick: () => this.decide(verb) },
      this.page.text(verb === 'approve' ? 'waitingApprove' : 'waitingReject', 0),
    );
  }

  draw() {
    const { gates } = this.page.data;
    this.drawn.keep(new Set(gates.map(({ id }) => id)));
    const yours = gates.filter((gate) => gate.yours);
    const ids = new Set(yours.map(({ id }) => id));
    [...this.chosen].filter((id) => !ids.has(id)).forEach((id) => this.chosen.delete(id));
    const others = gates.filter((gate) => !gate.yours);
    this.mine.hidden = yours.length === 0;
    this.form.hidden = yours.length < 2;
    this.title.textContent = this.page.text('waitingYours', yours.length);
    arrange(this.yours, yours.map((gate) => this.row(gate, yours.length > 1)));
    if (this.fold.hidden) {
      this.fold.open = others.length <= MOST_OF_OTHERS;
    }
    this.fold.hidden = others.length === 0;
    this.summary.textContent = this.page.text('waitingOthers', others.length);
    arrange(this.others, others.map((gate) => this.row(gate, false)));
    this.count();
  }

  row(gate, isOneOfSeveral) {
    return this.drawn.node(gate.id, [gate, isOneOfSeveral], () => this.made(gate, isOneOfSeveral));
  }

  made(gate, isOneOfSeveral) {
    const { page } = this;
    const target = this.target(gate);
    return element(
      'li',
      { class: 'gitops-order', 'data-gate': gate.id },
      isOneOfSeveral ? this.box(gate, target) : null,
      state(gate.yours ? 'yours' : 'pending', page.text(gate.yours ? 'waitsForYou' : 'gateWaits')),
      ' ',
      element('a', { href: `${page.root.dataset.root}/${gate.url}`, 'data-focus': `gate ${gate.id}` }, target),
      ` ${page.text('gateOf', gate.job)} `,
      page.time(gate.openedAt),
      element('span', { class: 'gitops-quiet gitops-waiting__explanation' }, ...page.timed(gate.explanation)),
    );
  }

  target({ question, application, environment }) {
    return question ? this.page.text('waitingQuestion', question) : `${application}/${environment}`;
  }

  box(gate, target) {
    const box = element('input', {
      type: 'checkbox',
      'aria-label': this.page.text('waitingChoose', target),
      'data-focus': `choose ${gate.id}`,
    });
    box.checked = this.chosen.has(gate.id);
    box.addEventListener('change', () => {
      this.chosen[box.checked ? 'add' : 'delete'](gate.id);
      this.count();
    });
    return box;
  }

  choose(isChosen) {
    this.yours.querySelectorAll('input').forEach((box) => {
      box.checked = isChosen;
      this.chosen[isChosen ? 'add' : 'delete'](box.closest('li').dataset.gate);
    });
    this.count();
  }

  count() {
    const [approve, reject] = this.buttons;
    approve.textContent = this.page.text('waitingApprove', this.chosen.size);
    reject.textContent = this.page.text('waitingReject', this.chosen.size);
    this.buttons.forEach((button) => (button.disabled = this.isDeciding || this.chosen.size === 0));
    this.all.checked = this.chosen.size > 0 && this.chosen.size === this.yours.children.length;
  }

  /** One after the other: what one gate refuses does not concern the next. */
  async decide(verb) {
    const { page } = this;
    const text = this.text.value;
    this.said.replaceChildren();
    this.isDeciding = true;
    this.count();
    for (const gate of page.data.gates.filter(({ id }) => this.chosen.has(id))) {
      const key = verb === 'approve' ? 'comment' : 'reason';
      const refusal = await page.post(
        verb,
        { gate: gate.id, decision: unique(), [key]: text },
        `${page.root.dataset.root}/${gate.url}v1/`,
      );
      const target = this.target(gate);
      const sentence = refusal ? refusal.sentence : page.text(verb === 'approve' ? 'waitingApproved' : 'waitingRejected');
      this.said.append(element('li', { class: refusal ? 'gitops-notice' : null }, `${target}: ${sentence}`));
      if (!refusal) {
        this.chosen.delete(gate.id);
      }
    }
    await page.polling.round();
    this.isDeciding = false;
    this.count();
  }
}
