/*
 * What a change is made of, as gates and comparisons show it: versions, commits, lines of files, and what it is asked for.
 */
import { element, short, state, version, word } from './page.js';

const NO_VERSION = '\u2013';

const cell = (reference) => element('td', { title: reference }, reference ? version(reference) : NO_VERSION);

/** @param rows each a list: name, from, to, and further cells */
export function versions(label, heads, rows) {
  return element(
    'div',
    { class: 'gitops-scroll', tabindex: '0', role: 'region', 'aria-label': label },
    element(
      'table',
      { class: 'jenkins-table gitops-table' },
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      element(
        'tbody',
        {},
        ...rows.map(([name, from, to, ...more]) =>
          element('tr', {}, element('td', {}, name), cell(from), cell(to), ...more.map((part) => element('td', {}, part))),
        ),
      ),
    ),
  );
}

export function commits(all) {
  return element(
    'ul',
    {},
    ...all.map((one) =>
      element(
        'li',
        {},
        element('code', { title: one.commit }, short(one.commit)),
        ` ${one.subject} `,
        element('span', { class: 'gitops-quiet' }, one.authors.join(', ')),
      ),
    ),
  );
}

/** How many lines come and go. */
export function lineCounts(files) {
  const lines = files.flatMap((file) => file.lines);
  const added = lines.filter(({ kind }) => kind === 'ADDED').length;
  return { all: lines.length, added, removed: lines.length - added };
}

function line({ kind, text }) {
  const added = kind === 'ADDED';
  return element(
    added ? 'ins' : 'del',
    { class: `gitops-diff__line gitops-diff__line--${added ? 'added' : 'removed'}` },
    `${added ? '+' : '\u2212'} ${text}\n`,
  );
}

export function lines(files) {
  return files.flatMap((file) => [
    element('p', { class: 'gitops-diff__path' }, file.path),
    element(
      'div',
      { class: 'gitops-scroll', tabindex: '0', role: 'region', 'aria-label': file.path },
      element('pre', { class: 'gitops-diff' }, ...file.lines.map(line)),
    ),
  ]);
}

/** @param page has the texts; @param isOver whether nothing is waited for any more */
export function requirements(page, all, isOver) {
  return element('ul', { class: 'gitops-requirements' }, ...all.map((one) => requirement(page, one, isOver)));
}

function requirement(page, one, isOver) {
  return element(
    'li',
    { class: 'gitops-requirement', 'data-requirement': one.id },
    isOver && one.state === 'PENDING'
      ? state('unmet', page.text('stateUnmet'))
      : state(one.state, page.text(`state${word(one.state)}`)),
    element('span', {}, element('strong', {}, one.id), ' ', ...page.timed(one.reason)),
    one.until ? element('span', { class: 'gitops-quiet' }, ` ${page.text('until')} `, ...page.deadline(one.until)) : null,
    one.details.length === 0
      ? null
      : element(
          'ul',
          { class: 'gitops-quiet', 'data-details': one.id },
          ...one.details.map((detail) => element('li', {}, ...page.timed(detail))),
        ),
  );
}
