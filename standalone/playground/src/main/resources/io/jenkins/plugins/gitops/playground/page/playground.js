import { element } from '/assets/page.js';

const crumb = { [document.head.dataset.crumbHeader]: document.head.dataset.crumbValue };
const byId = (id) => document.getElementById(id);

let state = { examples: [], people: [], applications: [], runs: [], commits: [] };
const shownRun = runInAddress();
let logOffset = 0;
let logEnds = false;

/** The run that the address names, as /job/<name>/<number>/. */
function runInAddress() {
  const match = location.pathname.match(/^\/job\/([^/]+)\/(\d+)\//);
  return match ? `${match[1]}#${match[2]}` : null;
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
    headers: { 'Content-Type': 'application/json', ...crumb },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  problem(answer.ok ? '' : text);
  await refresh();
  return answer.ok ? text : null;
}

function tone(text) {
  if (['Synced', 'Healthy'].includes(text)) {
    return 'good';
  }
  return ['Degraded', 'Missing'].includes(text) ? 'bad' : 'busy';
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

/** Where a run has its page. */
function address(run) {
  return `/job/${run.replace('#', '/')}/`;
}

function showRuns() {
  show('runs', state.runs, () => [
    element(
      'nav',
      { class: 'pg-runs', 'aria-label': 'Runs' },
      ...state.runs.map((run) =>
        element(
          'a',
          { href: address(run.id), 'aria-current': run.id === shownRun ? 'page' : null },
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

async function refresh() {
  const answer = await fetch('/api/state');
  state = await answer.json();
  if (!shownRun && state.runs.length) {
    location.replace(address(state.runs[state.runs.length - 1].id));
  }
  showChoices();
  showEnvironments();
  showRuns();
  showCommits();
}

async function followLog() {
  if (!shownRun || logEnds) {
    return;
  }
  const answer = await fetch(`/api/log?run=${encodeURIComponent(shownRun)}&start=${logOffset}`);
  if (!answer.ok) {
    return;
  }
  const text = await answer.text();
  logOffset = Number(answer.headers.get('X-Text-Size'));
  logEnds = answer.headers.get('X-More-Data') !== 'true';
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
  location.reload();
});
byId('example').addEventListener('change', showChoices);
byId('start').addEventListener('submit', async (event) => {
  event.preventDefault();
  const run = await post('/api/runs', { example: byId('example').value, branch: byId('branch').value });
  if (run) {
    location.assign(address(run));
  }
});
byId('abort').addEventListener('click', () => post('/api/abort', { run: shownRun }));

repeat(refresh, 1000);
repeat(followLog, 500);
