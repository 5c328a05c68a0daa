/*
 * What the plugin's pages have in common. Every text comes from the page (data-text-… attributes) or from the server, and
 * is only ever set as text: nothing here makes HTML of it.
 */

/** An element with attributes and children; true is an attribute without a value, false, null and undefined are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') {
      made.addEventListener('click', value);
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** An image reference without its registry and path. */
export function version(reference) {
  return reference.replace(/^[^@]*\/[^:@]*[:@]/, '');
}

/** A commit as people say it. */
export function short(commit) {
  return commit.substring(0, 7);
}

/** TIMED_OUT becomes Timed_out: part of a text's key. */
export function word(constant) {
  return constant[0] + constant.slice(1).toLowerCase();
}

/** An id for a click. crypto.randomUUID() exists only over HTTPS, and many a Jenkins is reached without. */
export function unique() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A word that is read at a glance; its colour only helps. */
export function state(kind, text) {
  return element('span', { class: `gitops-state gitops-state--${kind.toLowerCase()}` }, text);
}

/** Gives the focus back to what was drawn anew: its key finds it. */
export function focus(within, key) {
  [...within.querySelectorAll('[data-focus]')].find((one) => one.dataset.focus === key)?.focus();
}

function capitalized(key) {
  return key[0].toUpperCase() + key.slice(1);
}

function crumb() {
  const { crumbHeader, crumbValue } = document.head.dataset;
  return crumbHeader && crumbValue ? { [crumbHeader]: crumbValue } : {};
}

const LEFT = new Intl.RelativeTimeFormat(undefined, { numeric: 'always' });
const UNITS = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

function countDown(left) {
  const seconds = Math.max(0, Math.round((new Date(left.dataset.deadline) - Date.now()) / 1000));
  const [unit, length] = UNITS.find(([, long]) => seconds >= 2 * long) ?? UNITS[UNITS.length - 1];
  left.textContent = seconds === 0 ? '' : `(${LEFT.format(Math.floor(seconds / length), unit)})`;
}

setInterval(() => document.querySelectorAll('[data-deadline]').forEach(countDown), 1000);

/** An element that a script fills: its texts, what it offers, and the endpoints behind it. */
export class Panel {
  constructor(root) {
    this.root = root;
    this.endpoint = `${root.dataset.endpoint}v1/`;
    this.notice = element('p', { class: 'gitops-notice', role: 'alert', hidden: true });
  }

  /** Text of the page by its key, with {0}, {1}… replaced. */
  text(key, ...values) {
    const pattern = this.root.dataset[`text${capitalized(key)}`] || key;
    return pattern.replace(/\{(\d)\}/g, (whole, index) => values[Number(index)] ?? whole);
  }

  /** Whether the page offers it; the server asks again. */
  may(what) {
    return this.root.dataset[`may${capitalized(what)}`] === 'true';
  }

  time(instant) {
    const date = new Date(instant);
    return element(
      'time',
      { datetime: instant, title: date.toString() },
      date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
    );
  }

  /** A time to come, and how long that is; it counts down by itself. */
  deadline(instant) {
    const left = element('span', { 'data-deadline': instant });
    countDown(left);
    return [this.time(instant), ' ', left];
  }

  say(problem) {
    this.notice.textContent = problem || '';
    this.notice.hidden = !problem;
  }

  /** What an endpoint answers; an error whose message is the status when that is nothing to show. */
  async get(path) {
    const answer = await fetch(`${this.endpoint}${path}`, { headers: { Accept: 'application/json' } });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    return answer.json();
  }

  /** Has something changed; null when it was, or the sentence that says why not. */
  async post(verb, parameters) {
    try {
      const answer = await fetch(`${this.endpoint}${verb}`, {
        method: 'POST',
        headers: { Accept: 'application/json', ...crumb() },
        body: new URLSearchParams(parameters),
      });
      return answer.ok ? null : await this.refusal(answer);
    } catch (failure) {
      return this.text('unreachable', failure.message);
    }
  }

  async refusal(answer) {
    const body = await answer.text();
    try {
      return JSON.parse(body).error;
    } catch (notJson) {
      return this.text('refused', answer.status);
    }
  }
}
