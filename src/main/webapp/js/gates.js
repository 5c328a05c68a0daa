/*
 * The gates of a run, in <div class="gitops-gates">: shows them, keeps them up to date, and sends decisions. Jenkins and
 * the playground serve it alike.
 */
import { GateCard } from './gate.js';
import { Panel, arrange, element } from './page.js';
import { Poll } from './poll.js';
import { Tab } from './tab.js';

const POLL_MILLISECONDS = 3000;

class GatePage extends Panel {
  constructor(root) {
    super(root);
    this.cards = new Map();
    this.shown = null;
    this.failures = 0;
    this.tab = new Tab();
    this.empty = element('p', { class: 'gitops-empty', hidden: true }, this.text('none'));
    this.list = element('div', { class: 'gitops-gates__list' });
    this.root.replaceChildren(this.notice, this.empty, this.list);
  }

  /** Whether something has changed. */
  async refresh() {
    try {
      const gates = await this.poll('gates');
      if (gates === undefined) {
        return false;
      }
      const isNew = gates !== this.shown;
      if (isNew) {
        this.show(gates);
      }
      if (this.failures > 0) {
        this.say(null);
      }
      this.failures = 0;
      return isNew;
    } catch (failure) {
      this.failures += 1;
      if (this.failures > 1) {
        this.say(failure.message);
      }
      return true;
    }
  }

  /** The newest first; only what has changed is touched. */
  show(gates) {
    this.shown = gates;
    this.empty.hidden = gates.length > 0;
    this.tab.show(gates.filter(({ status }) => status === 'OPEN').length);
    const cards = [...gates].reverse().map((gate) => {
      if (!this.cards.has(gate.id)) {
        this.cards.set(gate.id, new GateCard(this, gate));
      }
      const card = this.cards.get(gate.id);
      card.show(gate);
      return card.node;
    });
    arrange(this.list, cards);
    const left = new Set(gates.map(({ id }) => id));
    [...this.cards.keys()].filter((id) => !left.has(id)).forEach((id) => this.cards.delete(id));
  }
}

function begin(root) {
  const page = new GatePage(root);
  page.polling = new Poll(async () => ((await page.refresh()) ? POLL_MILLISECONDS : null), POLL_MILLISECONDS).begin();
}

document.querySelectorAll('.gitops-gates').forEach(begin);
