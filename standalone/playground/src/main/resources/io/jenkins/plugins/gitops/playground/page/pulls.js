import { element, state } from '/assets/page.js';

const POLL_MILLISECONDS = 2000;
const crumb = { [document.head.dataset.crumbHeader]: document.head.dataset.crumbValue };
const place = document.getElementById('pulls');
const problem = document.getElementById('problem');
const VERBS = { approve: 'Approve', 'request-changes': 'Request changes', merge: 'Squash and merge', close: 'Close' };
const opened = new Set();

async function act(number, verb) {
  const answer = await fetch('/api/pulls', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...crumb },
    body: JSON.stringify({ number, verb }),
  });
  problem.textContent = answer.ok ? '' : await answer.text();
  problem.hidden = answer.ok;
  await refresh();
}

function button(pull, verb) {
  return element(
    'button',
    { type: 'button', class: 'jenkins-button', 'data-verb': verb, onclick: () => act(pull.number, verb) },
    VERBS[verb],
  );
}

function named(word, entries) {
  return entries.length === 0 ? null : element('p', {}, `${word}: ${entries.join(', ')}`);
}

function body(pull) {
  const details = element(
    'details',
    { open: opened.has(pull.number) },
    element('summary', {}, 'Description'),
    element('pre', { class: 'pg-log' }, pull.body),
  );
  details.addEventListener('toggle', () => opened[details.open ? 'add' : 'delete'](pull.number));
  return details;
}

function section(pull) {
  return element(
    'section',
    { class: 'pg-card', 'data-pull': pull.number },
    element('h2', {}, `#${pull.number} ${pull.title}`),
    element('p', {}, state(pull.state, pull.state), pull.by ? ` by ${pull.by}` : '', ` · ${pull.head}`),
    named('Labels', pull.labels),
    named('Reviewers', pull.reviewers),
    named('Reviews', Object.entries(pull.reviews).map(([login, verdict]) => `${login}: ${verdict}`)),
    named('Status', Object.entries(pull.statuses).map(([context, text]) => `${context} ${text}`)),
    ...pull.comments.map((text) => element('p', { class: 'pg-quiet' }, text.replace(/<!--.*?-->\s*/, ''))),
    body(pull),
    pull.state === 'open' ? element('p', {}, ...Object.keys(VERBS).map((verb) => button(pull, verb))) : null,
  );
}

async function refresh() {
  const text = await (await fetch('/api/pulls')).text();
  if (text !== place.dataset.shown) {
    place.dataset.shown = text;
    const pulls = JSON.parse(text);
    place.replaceChildren(
      ...(pulls.length === 0 ? [element('p', { class: 'pg-quiet' }, 'Start the example pull-requests.')] : pulls.map(section)),
    );
  }
}

await refresh();
setInterval(refresh, POLL_MILLISECONDS);
