/*
 * How an application is delivered, in <div class="gitops-figures">: for each environment the figures of the last 30 days, a
 * chart of the last 52 weeks for each, and a table with the same values.
 */
import { Panel, UNITS, element, redraw, state, word } from './page.js';
import { Poll } from './poll.js';

const POLL_MILLISECONDS = 60000;
const SOON_MILLISECONDS = 1000;
const WIDTH = 312;
const HEIGHT = 72;
const SVG = 'http://www.w3.org/2000/svg';

/** "3.5 hours"; of two units only the larger one, as nobody compares the rest. */
function duration(seconds) {
  const [unit, length] = UNITS.find(([, long]) => seconds >= long) ?? UNITS[UNITS.length - 1];
  const amount = seconds / length;
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: amount < 10 ? 1 : 0,
  }).format(amount);
}

function percent(share) {
  return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

function number(value) {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(value);
}

/** What is shown of each: the name of its text, the value in a week, its band, and how it reads. */
const FIGURES = [
  { key: 'deployments', value: (one) => one.deployments, read: number },
  { key: 'leadTime', value: (one) => one.leadTimeSeconds, read: duration },
  { key: 'changeFailureRate', value: (one) => one.changeFailureRate, read: percent },
  { key: 'timeToRestore', value: (one) => one.timeToRestoreSeconds, read: duration },
  { key: 'gateTime', value: (one) => one.gateTimeSeconds, read: duration },
];

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

class FiguresPage extends Panel {
  constructor(root) {
    super(root);
    this.choice = element('select', { class: 'jenkins-select__input', id: 'gitops-figures-application' });
    this.choice.addEventListener('change', () => this.choose());
    this.open = new Set();
    this.asked = new URLSearchParams(location.search).get('application');
    this.csv = element('a', {}, this.text('download'));
    this.content = element('div', { class: 'gitops-figures__list' }, this.empty('reading'));
    this.root.replaceChildren(
      this.notice,
      element(
        'div',
        { class: 'gitops-figures__head' },
        element('label', { for: this.choice.id }, this.text('application')),
        element('div', { class: 'jenkins-select' }, this.choice),
        this.csv,
        element('a', { href: `${this.endpoint}audit.csv` }, this.text('audit')),
        element('a', { href: root.dataset.endpoint }, this.text('deploymentsPage')),
      ),
      this.content,
    );
  }

  empty(key) {
    return element('p', { class: 'gitops-empty' }, this.text(key));
  }

  /** How long until the next time; null where nothing has changed. */
  async refresh() {
    try {
      const overview = await this.poll('overview');
      if (overview === undefined) {
        return null;
      }
      const { applications, ready } = overview;
      this.offer(applications);
      if (applications.length === 0) {
        this.shown = null;
        this.content.replaceChildren(this.empty(ready ? 'none' : 'reading'));
        return ready ? POLL_MILLISECONDS : SOON_MILLISECONDS;
      }
      const application = this.choice.value;
      const query = new URLSearchParams({ application });
      this.csv.href = `${this.endpoint}figures.csv?${query}`;
      const figures = await this.poll(`figures?${query}`);
      if (figures === undefined || application !== this.choice.value) {
        return null;
      }
      this.say(null);
      if (figures !== this.shown) {
        this.shown = figures;
        redraw(this.content, () => this.draw(figures));
      }
      return figures.ready ? POLL_MILLISECONDS : SOON_MILLISECONDS;
    } catch (failure) {
      this.say(failure.message);
      return POLL_MILLISECONDS;
    }
  }

  /** The address names the choice, so that it can be sent to somebody; it is shown as soon as Jenkins knows it. */
  offer(applications) {
    const known = [...this.choice.options].map((option) => `${option.value} ${option.text}`).join('\n');
    if (known !== applications.map(({ id, name }) => `${id} ${name}`).join('\n')) {
      const { asked } = this;
      const shown = this.choice.value;
      this.choice.replaceChildren(...applications.map(({ id, name }) => element('option', { value: id }, name)));
      const found =
        applications.find(({ id }) => id === asked) ??
        applications.find(({ name }) => name === asked) ??
        applications.find(({ id }) => id === shown) ??
        applications[0];
      this.choice.value = found ? found.id : '';
    }
  }

  choose() {
    const { value, selectedIndex, options } = this.choice;
    const { text } = options[selectedIndex];
    this.asked = value;
    const isOnly = [...options].filter((option) => option.text === text).length === 1;
    history.replaceState(null, '', `?${new URLSearchParams({ application: isOnly ? text : value })}`);
    this.polling.round();
  }

  draw({ ready, environments }) {
    this.content.replaceChildren(
      ...(ready ? environments.map((environment) => this.environment(environment)) : [this.empty('reading')]),
    );
  }

  environment(environment) {
    return element(
      'section',
      { class: 'gitops-figures__environment', 'data-environment': environment.name, 'aria-label': environment.name },
      element('h2', {}, environment.name),
      element(
        'div',
        { class: 'gitops-figures__charts' },
        ...FIGURES.map((figure) => this.figure(environment, figure)),
      ),
      this.table(environment),
    );
  }

  figure({ name, recent, bands, weeks }, { key, value, read }) {
    const now = value(recent);
    const band = bands[key];
    return element(
      'figure',
      { class: 'gitops-card', 'data-figure': key },
      element(
        'figcaption',
        {},
        element('span', { class: 'gitops-figures__name' }, this.text(key)),
        element(
          'span',
          { class: 'gitops-figures__value' },
          now === null
            ? this.text('nothing')
            : key === 'deployments' ? this.text('deploymentsValue', number(now), number(now / recent.days)) : read(now),
        ),
        element('span', { class: 'gitops-quiet' }, this.text('recent')),
        band && now !== null && (now !== 0 || key !== 'deployments') ? state(`band-${band}`, this.text(`band${word(band)}`)) : null,
      ),
      weeks.some((week) => value(week) !== null)
        ? this.chart(name, this.text(key), weeks.map((week) => [week.from, value(week)]), read)
        : null,
    );
  }

  /** A bar for each week that has a value; one of nothing is a line on the ground, one without a value is left out. */
  chart(environment, title, weeks, read) {
    const most = Math.max(0, ...weeks.map(([, value]) => value ?? 0));
    const step = WIDTH / weeks.length;
    const bars = weeks.flatMap(([from, value], at) => {
      if (value === null) {
        return [];
      }
      const height = most === 0 ? 1 : Math.max(1, (value / most) * HEIGHT);
      const bar = { x: at * step + 1, y: HEIGHT - height, width: step - 2, height };
      return [drawn('rect', bar, drawn('title', {}, `${this.day(from)}: ${read(value)}`))];
    });
    const label = this.text('chart', title, environment, this.day(weeks[0][0]), this.day(weeks[weeks.length - 1][0]), read(most));
    return element(
      'div',
      {},
      drawn(
        'svg',
        { class: 'gitops-chart', viewBox: `0 0 ${WIDTH} ${HEIGHT + 1}`, role: 'img', 'aria-label': label },
        drawn('line', { x1: 0, x2: WIDTH, y1: HEIGHT + 0.5, y2: HEIGHT + 0.5 }),
        ...bars,
      ),
      element(
        'div',
        { class: 'gitops-chart__ends gitops-quiet', 'aria-hidden': 'true' },
        element('span', {}, this.day(weeks[0][0])),
        element('span', {}, most === 0 ? '' : this.text('upTo', read(most))),
        element('span', {}, this.day(weeks[weeks.length - 1][0])),
      ),
    );
  }

  day(instant) {
    return new Date(instant).toLocaleDateString(undefined, { dateStyle: 'medium' });
  }

  /** The newest week first; stays open while the page is redrawn. */
  table({ name, weeks }) {
    const head = ['week', ...FIGURES.map(({ key }) => key)];
    const details = element(
      'details',
      { class: 'gitops-details', open: this.open.has(name) },
      element('summary', { 'data-focus': `table ${name}` }, this.text('table')),
      element(
        'div',
        { class: 'gitops-scroll', tabindex: '0', role: 'group', 'aria-label': `${this.text('table')}, ${name}` },
        element(
          'table',
          { class: 'jenkins-table' },
          element('thead', {}, element('tr', {}, ...head.map((key) => element('th', { scope: 'col' }, this.text(key))))),
          element(
            'tbody',
            {},
            ...[...weeks].reverse().map((week) =>
              element(
                'tr',
                {},
                element('th', { scope: 'row' }, this.day(week.from)),
                ...FIGURES.map(({ value, read }) =>
                  element('td', {}, value(week) === null ? '' : read(value(week))),
                ),
              ),
            ),
          ),
        ),
      ),
    );
    details.addEventListener('toggle', () => this.open[details.open ? 'add' : 'delete'](name));
    return details;
  }

  begin() {
    this.polling = new Poll(() => this.refresh(), POLL_MILLISECONDS).begin();
  }
}

document.querySelectorAll('.gitops-figures').forEach((root) => new FiguresPage(root).begin());
