/*
 * The gates of a run, in <div class="gitops-gates">: shows them, keeps them up to date, and sends decisions. Jenkins and
 * the playground serve it alike.
 */
import { Panel, Refusal, element, focus, short, state, unique, version, word } from './page.js';

const POLL_MILLISECONDS = 3000;
const NO_VERSION = '\u2013';

class GatePage extends Panel {
  constructor(root) {
    super(root);
    this.cards = new Map();
    this.shown = null;
    this.failures = 0;
    this.list = element('div', { class: 'gitops-gates__list' });
    this.root.replaceChildren(this.notice, this.list);
  }

  async refresh() {
    try {
      this.show(await this.get('gates'));
      if (this.failures > 0) {
        this.say(null);
      }
      this.failures = 0;
    } catch (failure) {
      this.failures += 1;
      if (this.failures > 1) {
        this.say(failure.message);
      }
    }
  }

  show(gates) {
    const text = JSON.stringify(gates);
    if (text === this.shown) {
      return;
    }
    this.shown = text;
    if (gates.length === 0) {
      this.cards.clear();
      this.list.replaceChildren(element('p', { class: 'gitops-empty' }, this.text('none')));
      return;
    }
    if (this.cards.size === 0) {
      this.list.replaceChildren();
    }
    for (const gate of [...gates].reverse()) {
      let card = this.cards.get(gate.id);
      if (!card) {
        card = new GateCard(this, gate);
        this.cards.set(gate.id, card);
        this.list.append(card.node);
      }
      card.show(gate);
    }
  }

}

/** One gate: what is known of it is redrawn when it changes, the form stays, so nothing typed is lost. */
class GateCard {
  constructor(page, gate) {
    this.page = page;
    this.id = gate.id;
    this.gate = gate;
    this.opened = new Map();
    this.head = element('header', { class: 'gitops-gate__head' });
    this.explanation = element('p', { class: 'gitops-gate__explanation', role: 'status' });
    this.facts = element('div');
    this.refusal = new Refusal();
    this.form = this.makeForm();
    this.story = element('div');
    this.node = element(
      'section',
      { class: 'gitops-gate', 'aria-labelledby': `gate-${gate.id}`, tabindex: '-1', 'data-gate': gate.target },
      this.head,
      this.explanation,
      this.facts,
      this.form,
      this.refusal.node,
      this.story,
    );
  }

  show(gate) {
    this.gate = gate;
    this.node.dataset.status = gate.status;
    const focused = document.activeElement && document.activeElement.dataset.focus;
    this.head.replaceChildren(
      element('h2', { id: `gate-${gate.id}`, class: 'gitops-gate__title' }, gate.target),
      state(gate.status, this.text(`status${word(gate.status)}`)),
    );
    // Set only when it changed: a screen reader says it then.
    if (this.explained !== gate.explanation) {
      this.explained = gate.explanation;
      this.explanation.replaceChildren(...this.page.timed(gate.explanation));
    }
    this.facts.replaceChildren(...this.makeFacts());
    this.story.replaceChildren(this.history());
    this.form.hidden = gate.status !== 'OPEN' || !this.mayAct();
    this.showApprove();
    if (this.withdraw) {
      this.withdraw.hidden = gate.approvals.length === 0;
    }
    this.override.hidden = !this.may('override') || this.waivable().length === 0;
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

  /** Sends a decision. What is refused is told here, in the card that it was tried in. */
  async decide(verb, parameters) {
    const refusal = await this.page.post(verb, { gate: this.id, decision: unique(), ...parameters });
    await this.page.refresh();
    this.refusal.show(refusal);
    return !refusal;
  }

  /** Who would be refused sees why, instead of a button that refuses them. */
  showApprove() {
    if (this.approve) {
      const why = this.gate.approveRefusal || '';
      this.approve.disabled = Boolean(why);
      this.why.textContent = why;
      this.why.hidden = !why;
    }
  }

  mayAct() {
    return this.may('approve') || this.may('override');
  }

  makeFacts() {
    const { gate } = this;
    const subject = gate.subject;
    return [
      gate.expiresAt && gate.status === 'OPEN'
        ? element('p', { class: 'gitops-quiet' }, `${this.text('expires')} `, ...this.page.deadline(gate.expiresAt))
        : null,
      ...this.release(subject),
      ...this.section('requirements', gate.requirements.length, () => [
        element('ul', { class: 'gitops-requirements' }, ...gate.requirements.map((one) => this.requirement(one))),
      ]),
      ...this.section('checklist', gate.checklist.length, () => [
        element('ul', { class: 'gitops-checklist' }, ...gate.checklist.map((one) => this.tick(one))),
      ]),
      ...this.section('approvals', gate.approvals.length, () => [
        element('ul', {}, ...gate.approvals.map((vote) => this.vote(vote))),
      ]),
    ].filter((part) => part !== null);
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
            this.text('commits', subject.commits.length),
            element(
              'ul',
              {},
              ...subject.commits.map((one) =>
                element(
                  'li',
                  {},
                  element('code', {}, short(one.commit)),
                  ` ${one.subject} `,
                  element('span', { class: 'gitops-quiet' }, one.authors.join(', ')),
                ),
              ),
            ),
          ),
        ];
  }

  diff(subject) {
    return subject.files.length === 0
      ? []
      : [
          this.details(
            'diff',
            this.text('diff'),
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

  requirement(one) {
    return element(
      'li',
      { class: 'gitops-requirement', 'data-requirement': one.id },
      this.requirementState(one),
      element('span', {}, element('strong', {}, one.id), ` ${one.reason}`),
      one.until ? element('span', { class: 'gitops-quiet' }, ` ${this.text('until')} `, ...this.page.deadline(one.until)) : null,
      one.details.length === 0
        ? null
        : element(
            'ul',
            { class: 'gitops-quiet', 'data-details': one.id },
            ...one.details.map((detail) => element('li', {}, detail)),
          ),
    );
  }

  /** An ended gate waits for nothing. */
  requirementState({ state: now }) {
    return now === 'PENDING' && this.gate.status !== 'OPEN'
      ? state('unmet', this.text('stateUnmet'))
      : state(now, this.text(`state${word(now)}`));
  }

  tick(entry) {
    const box = element('input', {
      type: 'checkbox',
      'data-focus': `tick ${this.id} ${entry.item}`,
      disabled: this.gate.status !== 'OPEN' || !this.may('approve'),
    });
    box.checked = Boolean(entry.by);
    box.addEventListener('change', async () => {
      if (!(await this.decide(box.checked ? 'tick' : 'untick', { item: entry.item }))) {
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
      this.page.time(vote.at),
      vote.comment ? `: ${vote.comment}` : null,
    );
  }

  history() {
    return this.details(
      'history',
      this.text('history'),
      element('ol', { class: 'gitops-history' }, ...this.gate.history.map((line) => element('li', {}, this.page.time(line.at), ` ${line.text}`))),
    );
  }

  /** Stays as somebody left it while the page is redrawn. */
  details(key, summary, ...content) {
    const made = element(
      'details',
      { class: 'gitops-details', open: this.opened.get(key) ?? key === 'diff' },
      element('summary', { 'data-focus': `${key} ${this.id}` }, summary),
      ...content,
    );
    made.addEventListener('toggle', () => this.opened.set(key, made.open));
    return made;
  }

  waivable() {
    return this.gate.requirements
      .filter((one) => one.state !== 'MET' && this.gate.waivable.includes(one.id))
      .map((one) => one.id);
  }

  makeForm() {
    const field = element('textarea', { id: `text-${this.id}`, class: 'jenkins-input', rows: '2', maxlength: '2000' });
    const button = (verb, style, parameters) => {
      const made = element('button', { type: 'button', class: `jenkins-button ${style}`, 'data-verb': verb }, this.text(verb));
      made.addEventListener('click', async () => {
        made.disabled = true;
        if (await this.decide(verb, parameters())) {
          field.value = '';
        }
        made.disabled = false;
        this.showApprove();
        if (document.activeElement === document.body) {
          (this.form.hidden ? this.node : made).focus();
        }
      });
      return made;
    };
    this.approve = this.may('approve') ? button('approve', 'jenkins-button--primary', () => ({ comment: field.value })) : null;
    this.why = element('p', { id: `why-${this.id}`, class: 'gitops-quiet gitops-form__why', hidden: true });
    if (this.approve) {
      this.approve.setAttribute('aria-describedby', this.why.id);
    }
    this.withdraw = this.may('approve') ? button('withdraw', '', () => ({})) : null;
    this.override = button('override', 'jenkins-!-destructive-color', () => ({
      reason: field.value,
      skip: this.waivable().join(','),
    }));
    return element(
      'div',
      { class: 'gitops-form', hidden: true },
      element('label', { for: `text-${this.id}`, class: 'jenkins-form-label' }, this.text('comment')),
      field,
      element(
        'div',
        { class: 'gitops-form__buttons' },
        this.approve,
        this.may('approve') ? button('reject', '', () => ({ reason: field.value })) : null,
        this.withdraw,
        this.override,
      ),
      this.why,
    );
  }
}

function begin(root) {
  const page = new GatePage(root);
  const poll = async () => {
    if (!document.hidden) {
      await page.refresh();
    }
    setTimeout(poll, POLL_MILLISECONDS);
  };
  document.addEventListener('visibilitychange', () => document.hidden || page.refresh());
  poll();
}

document.querySelectorAll('.gitops-gates').forEach(begin);
