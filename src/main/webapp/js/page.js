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

/** An image reference without its registry and path; of a commit or a digest, as much as tells it from others. */
export function version(reference) {
  return reference.replace(/^[^@]*\/[^:@]*[:@]/, '').replace(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, '$1');
}

/** A commit as people say it. */
export function short(commit) {
  return commit.substring(0, 7);
}

/** "rita (user:rita)" says no more than "rita". */
export function person(who) {
  return who.replace(/^(.+) \(user:\1\)$/, '$1');
}

/** TIMED_OUT becomes Timed_out: part of a text's key. */
export function word(constant) {
  return constant[0] + constant.slice(1).toLowerCase();
}

/** Puts a text on the clipboard. navigator.clipboard exists only over HTTPS, and many a Jenkins is reached without. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (insecure) {
    const area = element('textarea', { class: 'gitops-copied', readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** An id for a click. crypto.randomUUID() exists only over HTTPS, and many a Jenkins is reached without. */
export function unique() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A word that is read at a glance; its colour only helps. */
export function state(kind, text) {
  return element('span', { class: `gitops-state gitops-state--${kind.toLowerCase()}` }, text);
}

/** Has an element contain these nodes in this order; those that are in their place already are not touched. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  [...parent.children].filter((child) => !wanted.has(child)).forEach((child) => child.remove());
  let at = parent.firstElementChild;
  for (const node of nodes) {
    if (node === at) {
      at = at.nextElementSibling;
    } else {
      parent.insertBefore(node, at);
    }
  }
}

/** Nodes by key, each made anew only where what it shows has changed. */
export class Drawn {
  constructor() {
    this.nodes = new Map();
  }

  /** @param shown all that the node is made of */
  node(key, shown, make) {
    const text = JSON.stringify(shown);
    const known = this.nodes.get(key);
    if (known && known.text === text) {
      return known.node;
    }
    const node = make();
    this.nodes.set(key, { text, node });
    return node;
  }

  /** Forgets the others. */
  keep(keys) {
    for (const key of this.nodes.keys()) {
      if (!keys.has(key)) {
        this.nodes.delete(key);
      }
    }
  }
}

/** Gives the focus back to what was redrawn: its key finds it. The page does not move: somebody may read elsewhere by now. */
export function focus(within, key) {
  const found = [...within.querySelectorAll('[data-focus]')].find((one) => one.dataset.focus === key);
  if (found && found !== document.activeElement) {
    found.focus({ preventScroll: true });
  }
}

/** Draws a part of the page anew: what has the focus keeps it, and what was scrolled sideways stays there. */
export function redraw(within, draw) {
  const key = document.activeElement && document.activeElement.dataset.focus;
  const scrollers = () => [...within.querySelectorAll('.gitops-scroll')];
  const moved = scrollers().filter((one) => one.scrollLeft !== 0);
  const places = new Map(moved.map((one) => [one.getAttribute('aria-label'), one.scrollLeft]));
  draw();
  if (places.size > 0) {
    scrollers().forEach((one) => (one.scrollLeft = places.get(one.getAttribute('aria-label')) ?? one.scrollLeft));
  }
  if (key) {
    focus(within, key);
  }
}

export function capitalized(key) {
  return key[0].toUpperCase() + key.slice(1);
}

function crumb() {
  const { crumbHeader, crumbValue } = document.head.dataset;
  return crumbHeader && crumbValue ? { [crumbHeader]: crumbValue } : {};
}

/** Parses JSON; null where an answer is something else, such as a page to sign in. */
async function json(answer) {
  try {
    return JSON.parse(await answer.text());
  } catch (notJson) {
    return null;
  }
}

/** A sentence that says why something was refused, in a place of its own: next to what somebody clicked. */
export class Refusal {
  constructor() {
    this.node = element('div', { class: 'gitops-notice', role: 'alert', tabindex: '-1', hidden: true });
  }

  /** @param refusal what Panel.post gives; null hides it */
  show(refusal) {
    this.node.hidden = !refusal;
    this.node.replaceChildren(...(refusal ? [element('p', {}, refusal.sentence), this.links(refusal.links)] : []));
    if (refusal) {
      this.node.focus();
      this.node.scrollIntoView({ block: 'nearest' });
    }
  }

  links(links) {
    return links.length === 0
      ? null
      : element('p', { class: 'gitops-notice__links' }, ...links.map(({ href, text }) => element('a', { href }, text)));
  }
}

/** As the server writes it; split() keeps what the group holds. */
const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)/;

const LEFT = new Intl.RelativeTimeFormat(undefined, { numeric: 'always' });
/** From the largest, with its seconds. */
export const UNITS = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** In the largest unit of which there are two. */
function relative(seconds) {
  const [unit, length] = UNITS.find(([, long]) => Math.abs(seconds) >= 2 * long) ?? UNITS[UNITS.length - 1];
  return LEFT.format(Math.trunc(seconds / length), unit);
}

function countDown(left) {
  const seconds = Math.max(0, Math.round((new Date(left.dataset.deadline) - Date.now()) / 1000));
  left.textContent = seconds === 0 ? '' : `(${relative(seconds)})`;
}

function countUp(age) {
  const seconds = Math.round((new Date(age.dataset.age) - Date.now()) / 1000);
  age.textContent = seconds > -60 ? '' : ` (${relative(seconds)})`;
}

setInterval(() => document.querySelectorAll('[data-deadline]').forEach(countDown), 1000);
setInterval(() => document.querySelectorAll('[data-age]').forEach(countUp), 30000);

/** A connection that died without a word, as of a computer that slept, must not keep a page from asking again. */
const LONGEST_MILLISECONDS = 60000;

/** An element that a script fills: its texts, what it offers, and the endpoints behind it. */
export class Panel {
  constructor(root) {
    this.root = root;
    this.endpoint = `${root.dataset.endpoint}v1/`;
    this.notice = element('p', { class: 'gitops-notice', role: 'alert', hidden: true });
    this.answers = new Map();
    this.turns = new Map();
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

  /** A time that is past, and how long ago that is, from a minute on. */
  past(instant) {
    const age = element('span', { 'data-age': instant });
    countUp(age);
    return [this.time(instant), age];
  }

  /** A sentence of the server, with its instants as people read them. */
  timed(sentence) {
    return sentence.split(INSTANT).map((part, index) => (index % 2 === 1 ? this.time(part) : part));
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

  /** What an endpoint answers; an error whose message is a sentence when that is nothing to show. */
  async get(path) {
    return (await this.ask(path, null)).body;
  }

  /**
   * The same of what is asked again and again: the very object of the last time where nothing has changed; undefined where
   * it was asked again meanwhile: an older answer is never shown after a newer one.
   */
  async poll(path) {
    const [endpoint] = path.split('?');
    const turn = (this.turns.get(endpoint) || 0) + 1;
    this.turns.set(endpoint, turn);
    const isLast = () => this.turns.get(endpoint) === turn;
    const before = this.answers.get(endpoint);
    const known = before && before.path === path ? before : null;
    let answer;
    try {
      answer = await this.ask(path, known);
    } catch (failure) {
      if (isLast()) {
        throw failure;
      }
    }
    if (!isLast()) {
      return undefined;
    }
    this.answers.set(endpoint, { ...answer, path });
    return answer.body;
  }

  /** @param last what it answered last: the server sends only what has changed since */
  async ask(path, last) {
    let answer;
    try {
      answer = await fetch(`${this.endpoint}${path}`, {
        headers: { Accept: 'application/json', ...(last && last.tag ? { 'If-None-Match': last.tag } : {}) },
        cache: 'no-store',
        redirect: 'manual',
        signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
      });
    } catch (failure) {
      throw new Error(this.text('unreachable', failure.message));
    }
    if (answer.status === 304) {
      return last;
    }
    const body = answer.ok ? await json(answer) : null;
    if (body === null) {
      const isDown = answer.ok || answer.status >= 500 || answer.status === 404;
      throw new Error(this.text(isDown ? 'unreachable' : 'refused', answer.status));
    }
    return { body, tag: answer.headers.get('ETag') };
  }

  /**
   * Has something changed; null when it was. Whatever else comes back is a refusal: a sentence, and links to what helps.
   * A page to sign in is no success, though it may come with status 200.
   */
  async post(verb, parameters, endpoint = this.endpoint) {
    let answer;
    try {
      answer = await fetch(`${endpoint}${verb}`, {
        method: 'POST',
        headers: { Accept: 'application/json', ...crumb() },
        body: new URLSearchParams(parameters),
        redirect: 'manual',
      });
    } catch (failure) {
      return { sentence: this.text('unreachable', failure.message), links: [] };
    }
    const body = await json(answer);
    if (answer.ok && body !== null) {
      return null;
    }
    if (body && body.error) {
      return { sentence: body.error, links: [] };
    }
    return this.refusal(answer.status || 403);
  }

  /** Jenkins itself refused, before the plugin was asked: most often the session that the page was loaded in has ended. */
  async refusal(status) {
    if (status === 403 && (await this.renewCrumb())) {
      return { sentence: this.text('renewed'), links: [] };
    }
    const here = `${location.pathname}${location.search}`;
    return {
      sentence: this.text('refused', status),
      links: [
        { href: `${this.root.dataset.root}/login?from=${encodeURIComponent(here)}`, text: this.text('signIn') },
        { href: here, text: this.text('reload') },
      ],
    };
  }

  /** Whether Jenkins has another crumb than the page; the next request takes it. */
  async renewCrumb() {
    try {
      const answer = await fetch(`${this.root.dataset.root}/crumbIssuer/api/json`, { redirect: 'manual' });
      const issued = answer.ok ? await json(answer) : null;
      if (!issued || !issued.crumb || issued.crumb === document.head.dataset.crumbValue) {
        return false;
      }
      document.head.dataset.crumbHeader = issued.crumbRequestField;
      document.head.dataset.crumbValue = issued.crumb;
      return true;
    } catch (failure) {
      return false;
    }
  }
}
