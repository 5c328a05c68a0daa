'use strict';

const crumb = document.querySelector('meta[name=crumb]').content;
const byId = (id) => document.getElementById(id);

let state = { examples: [], people: [], applications: [], gates: [], runs: [], commits: [] };
let shownRun = runInAddress();
let logOffset = 0;
let logEnds = null;

/** The run that the address names, as /job/<name>/<number>/. */
function runInAddress() {
  const match = location.pathname.match(/^\/job\/([^/]+)\/(\d+)\//);
  return match ? `${match[1]}#${match[2]}` : null;
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick' || name === 'onsubmit') {
      made.addEventListener(name.substring(2), value);
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

/** Replaces the content only when it changed, so that focus and selection survive the next poll. */
function show(id, content, children) {
  const place = byId(id);
  const key = JSON.stringify(content);
  if (place.dataset.shown !== key) {
    place.dataset.shown = key;
    place.replaceChildren(...children());
  }
}

function problem(text) {
  byId('problem').textContent = text;
  byId('problem').hidden = !text;
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Jenkins-Crumb': crumb },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  problem(answer.ok ? '' : text);
  await refresh();
  return answer.ok ? text : null;
}

function tone(text) {
  if (['Synced', 'Healthy', 'SUCCESS', 'APPROVED', 'met'].includes(text)) {
    return 'good';
  }
  return ['Degraded', 'Failed', 'Error', 'Missing', 'FAILURE', 'ABORTED', 'REJECTED', 'EXPIRED', 'failed'].includes(text) ? 'bad' : 'busy';
}

function stateWord(text) {
  return element('span', { class: `pg-state pg-state--${tone(text)}` }, text);
}

function environmentCard(environment) {
  return element(
    'article',
    { class: 'pg-card', 'data-target': environment.target },
    element('h3', {}, environment.name),
    element('div', {}, stateWord(environment.sync), ' · ', stateWord(environment.health)),
    element(
      'dl',
      { class: 'pg-images' },
      ...Object.entries(environment.images).flatMap(([name, version]) => [
        element('dt', {}, name),
        element('dd', {}, version),
      ]),
    ),
    element('div', { class: 'pg-quiet' }, `${environment.argocd} at ${environment.revision || 'no commit yet'}`),
    ...(environment.message ? [element('div', { class: 'pg-quiet' }, environment.message)] : []),
  );
}

function showEnvironments() {
  show('environments', state.applications, () =>
    state.applications.flatMap((application) => [
      element('h3', {}, application.name),
      element('div', { class: 'pg-grid' }, ...application.environments.map(environmentCard)),
    ]),
  );
}

/** Sends a decision to the plugin's own endpoint of the gate's run. */
async function decide(gate, verb, parameters) {
  const [job, number] = gate.run.split('#');
  const answer = await fetch(`/job/${job}/${number}/promotion-gate/${verb}`, {
    method: 'POST',
    headers: { 'Jenkins-Crumb': crumb },
    body: new URLSearchParams({ gate: gate.id, decision: crypto.randomUUID(), ...parameters }),
  });
  problem(answer.ok ? '' : await refusal(answer));
  await refresh();
}

async function refusal(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).error || text;
  } catch (notJson) {
    return text;
  }
}

/** What people have typed, by gate: a card is drawn anew whenever its gate changes. */
const drafts = new Map();

function gateActions(gate) {
  const text = element('textarea', { id: `text-${gate.id}`, rows: '2' });
  text.value = drafts.get(gate.id) || '';
  text.addEventListener('input', () => drafts.set(gate.id, text.value));
  const button = (verb, label, parameters, extra = {}) =>
    element('button', { type: 'button', 'data-verb': verb, onclick: () => decide(gate, verb, parameters()), ...extra }, label);
  return element(
    'div',
    {},
    element('label', { for: `text-${gate.id}` }, 'Comment, or the reason to reject or override'),
    text,
    element(
      'div',
      { class: 'pg-actions' },
      button('approve', 'Approve', () => ({ comment: text.value }), { class: 'pg-main' }),
      button('reject', 'Reject', () => ({ reason: text.value })),
      button('withdraw', 'Withdraw my approval', () => ({})),
      button('override', 'Override', () => ({ reason: text.value, skip: unmet(gate).join(',') })),
    ),
  );
}

/** What an override would skip: all that can be waived and does not hold yet. */
function unmet(gate) {
  return gate.requirements
    .filter((requirement) => requirement.state !== 'MET' && gate.waivable.includes(requirement.id))
    .map((requirement) => requirement.id);
}

function checklistItem(gate, entry) {
  const box = element('input', { type: 'checkbox', disabled: gate.status !== 'OPEN' });
  box.checked = Boolean(entry.by);
  box.addEventListener('change', () => decide(gate, box.checked ? 'tick' : 'untick', { item: entry.item }));
  return element('li', {}, element('label', {}, box, ` ${entry.item}`, entry.by ? ` (${entry.by.id})` : ''));
}

/** An image reference without its registry and path. */
function version(reference) {
  return reference ? reference.replace(/^[^@]*\/[^:@]*[:@]/, '') : 'nothing';
}

function changes(gate) {
  return gate.subject.changes.filter((change) => change.from !== change.to);
}

function gateCard(gate) {
  return element(
    'article',
    { class: 'pg-card', 'data-gate': gate.target, 'data-status': gate.status },
    element('h3', {}, `${gate.target} `, stateWord(gate.status)),
    element('p', {}, gate.explanation),
    element('ul', {}, ...changes(gate).map((change) => element('li', {}, `${change.image}: ${version(change.from)} → ${version(change.to)}`))),
    element(
      'ul',
      {},
      ...gate.requirements.map((requirement) =>
        element('li', {}, `${requirement.id}: `, stateWord(requirement.state.toLowerCase()), ` ${requirement.reason}`),
      ),
    ),
    element('ul', { class: 'pg-checklist' }, ...gate.checklist.map((entry) => checklistItem(gate, entry))),
    element('ol', { class: 'pg-quiet' }, ...gate.history.map((line) => element('li', {}, `${line.at.substring(11, 19)} ${line.text}`))),
    ...(gate.status === 'OPEN' ? [gateActions(gate)] : []),
  );
}

function showGates() {
  show('gates', state.gates, () =>
    state.gates.length ? state.gates.map(gateCard) : [element('p', { class: 'pg-quiet' }, 'No gate has been opened yet.')],
  );
}

function fillSelect(id, options) {
  show(id, options, () => options.map(([value, text]) => element('option', { value }, text)));
}

function showChoices() {
  fillSelect(
    'who',
    state.people.map((person) => [person.id, `${person.id} (${person.groups.join(', ')})`]),
  );
  const cookie = document.cookie.match(/playground-user=(\w+)/);
  if (cookie) {
    byId('who').value = cookie[1];
  }
  fillSelect(
    'example',
    state.examples.map((example) => [example.name, example.name]),
  );
  const chosen = state.examples.find((example) => example.name === byId('example').value);
  fillSelect(
    'branch',
    (chosen ? chosen.branches : []).map((branch) => [branch, branch]),
  );
}

function showRuns() {
  show('runs', [state.runs, shownRun], () => [
    element(
      'div',
      { class: 'pg-runs' },
      ...state.runs.map((run) =>
        element(
          'button',
          { type: 'button', 'aria-pressed': String(run.id === shownRun), onclick: () => choose(run.id) },
          `${run.id} ${run.branch}: ${run.result || 'running'}`,
        ),
      ),
    ),
  ]);
  const current = state.runs.find((run) => run.id === shownRun);
  byId('log-title').textContent = current ? `Log of ${current.id}` : 'Log';
  byId('abort').hidden = !current || Boolean(current.result);
}

function showCommits() {
  byId('clone').textContent = `git clone ${state.clone}`;
  show('commits', state.commits, () =>
    state.commits.map((commit) =>
      element('li', {}, element('code', {}, commit.id.substring(0, 8)), ` ${commit.subject} `, element('span', { class: 'pg-quiet' }, commit.author)),
    ),
  );
}

function choose(run) {
  shownRun = run;
  logOffset = 0;
  logEnds = null;
  byId('log').textContent = '';
  showRuns();
}

async function refresh() {
  const answer = await fetch('/api/state');
  state = await answer.json();
  if (!shownRun && state.runs.length) {
    choose(state.runs[state.runs.length - 1].id);
  }
  showChoices();
  showEnvironments();
  showGates();
  showRuns();
  showCommits();
}

async function followLog() {
  const run = shownRun;
  if (!run || logEnds === run) {
    return;
  }
  const answer = await fetch(`/api/log?run=${encodeURIComponent(run)}&start=${logOffset}`);
  if (!answer.ok || run !== shownRun) {
    return;
  }
  const text = await answer.text();
  logOffset = Number(answer.headers.get('X-Text-Size'));
  if (answer.headers.get('X-More-Data') !== 'true') {
    logEnds = run;
  }
  if (text) {
    const log = byId('log');
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    log.append(text);
    if (atEnd) {
      log.scrollTop = log.scrollHeight;
    }
  }
}

/** Calls again and again, and goes on after a failure, for example while the playground is restarted. */
async function repeat(action, milliseconds) {
  try {
    await action();
  } catch (failure) {
    problem(`The playground does not answer: ${failure.message}. Is it still running?`);
  }
  setTimeout(() => repeat(action, milliseconds), milliseconds);
}

byId('who').addEventListener('change', () => {
  document.cookie = `playground-user=${byId('who').value}; path=/; SameSite=Strict`;
});
byId('example').addEventListener('change', showChoices);
byId('start').addEventListener('submit', async (event) => {
  event.preventDefault();
  const run = await post('/api/runs', { example: byId('example').value, branch: byId('branch').value });
  if (run) {
    choose(run);
  }
});
byId('abort').addEventListener('click', () => post('/api/abort', { run: shownRun }));

repeat(refresh, 1000);
repeat(followLog, 500);
