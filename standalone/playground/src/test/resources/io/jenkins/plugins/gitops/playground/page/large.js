/* Answers as those of a large Jenkins, made up in the page. */
const number = (at) => String(at).padStart(4, '0');

function application(at) {
  const names = ['dev', 'test', 'staging', 'prod-eu', 'prod-us'];
  return {
    id: `id-${number(at)}`,
    name: `app-${number(at)}`,
    repository: at % 2 ? 'config' : 'shared-config',
    commits: at % 2 ? 'https://github.example.org/acme/config/commit/' : null,
    pages: [{ job: `team-${at % 3}/app-${number(at)}`, url: `job/team-${at % 3}/job/app-${number(at)}/gitops/` }],
    environments: names.map((name, place) => ({
      name,
      version: `v1.${at}.${9 - place}`,
      at: new Date(1790000000000 - (at * 5 + place) * 60000).toISOString(),
      health: at % 10 === 9 && place === 4 ? 'Degraded' : 'Healthy',
      sync: at % 10 === 4 && place === 1 ? 'OutOfSync' : 'Synced',
      failed: at % 10 === 9 && place === 3,
      behind: place === 0 ? 0 : at % 10 === 9 ? 5 : at % 4 === place ? 2 : 0,
      stops: at % 20 === 6 && place > 2 ? ['frozen'] : at % 20 === 8 && place === 3 ? ['locked', 'held'] : [],
      outside: at % 20 === 12 && place === 2,
    })),
  };
}

const gate = (at) => ({
  id: `gate-${at}`,
  application: `app-${number(at)}`,
  environment: 'prod-eu',
  from: 'staging',
  question: null,
  job: `team-${at % 3}/app-${number(at)}`,
  url: `job/team-${(at + 2) % 3}/app-${number(at)}/5/promotion-gate/`,
  openedAt: '2026-11-30T10:00:00Z',
  explanation: `The gate for app-${number(at)}/prod-eu waits for approvals (0 of 1 from release-managers).`,
  approvals: '0 of 1 from release-managers',
  yours: at % 2 === 0,
});

/** With names that a server of pull requests could send. */
const byPullRequest = (cell) => ({
  commit: 'c'.repeat(40),
  committedAt: cell.at,
  kind: 'PROMOTION',
  outcome: 'HEALTHY',
  images: {},
  who: ['dora'],
  approved: false,
  overridden: [],
  reason: null,
  run: null,
  rolledBack: false,
  hotfix: null,
  reviewDue: null,
  reviewed: null,
  checks: [],
  alerts: [],
  signature: 'verified',
  pullRequest: {
    url: 'https://github.example.org/acme/config/pull/11',
    mergedBy: '<img src=x onerror=alert(1)>',
    reviewedBy: ['octo-alice', 'octo-bob'],
  },
});

const environment = (cell) => ({
  ...cell,
  after: cell.after ?? [],
  gated: true,
  live: { health: cell.health, sync: cell.sync, message: '', since: null, revision: null, url: 'https://argocd.example.org/applications/argocd/app' },
  liveProblem: null,
  holds: [],
  locks: [],
  frozen: null,
  frozenUntil: null,
  calendarProblem: null,
  reviews: [],
  deployments: 3,
  current: cell.name === 'prod-eu' ? byPullRequest(cell) : null,
  images: { api: `ghcr.io/acme/api:${cell.version}` },
  imagesProblem: null,
  rollback: cell.rollback ?? {
    commit: 'a'.repeat(40),
    images: { api: 'ghcr.io/acme/api:v0.9.0' },
    passedOver: [{ api: 'ghcr.io/acme/api:<b>v0.9.7</b>' }],
  },
  infrastructure: null,
});

function large(applications, gates) {
  const jenkins = {
    applications: Array.from({ length: applications }, (unused, at) => application(at)),
    gates: Array.from({ length: gates }, (unused, at) => gate(at)),
    asked: [],
    sent: [],
    posted: [],
    tag: 'first',
  };
  window.jenkins = jenkins;
  const deliveries = [
    {
      application: 'id-0003',
      environments: ['prod-eu'],
      url: 'https://github.example.org/acme/config/pull/12',
      waitsFor: 'checks have not finished: <b>build</b>',
    },
  ];
  const page = (shown) =>
    window.sample || { ready: true, applications: shown, problems: [], orders: [], gates: jenkins.gates, deliveries };
  const answer = (shown, headers) => {
    const text = JSON.stringify(page(shown));
    const isKnown = headers['If-None-Match'] === jenkins.tag;
    jenkins.sent.push(isKnown ? 0 : text.length);
    return isKnown ? new Response(null, { status: 304 }) : new Response(text, { headers: { ETag: jenkins.tag } });
  };
  const post = (path, body) => {
    jenkins.posted.push({ path, body });
    if (body.get('gate') === jenkins.refuses) {
      return new Response(JSON.stringify({ error: 'somebody else must approve' }), { status: 403 });
    }
    jenkins.gates = jenkins.gates.filter(({ id }) => id !== body.get('gate'));
    jenkins.tag += '+';
    return new Response('[]');
  };
  window.fetch = async (address, { method, body, headers } = {}) => {
    const path = String(address);
    if (method === 'POST') {
      return post(path, body);
    }
    jenkins.asked.push(path);
    const made = ['comparison', 'calendar'].find((name) => path.split('?')[0].endsWith(`/${name}`));
    if (made) {
      return new Response(JSON.stringify(window[made]));
    }
    const id = new URL(path, location.href).searchParams.get('application');
    const chosen = jenkins.applications.filter((one) => !id || one.id === id);
    return path.endsWith('/overview')
      ? answer(chosen, headers)
      : new Response(
          JSON.stringify(page(chosen.map((one) => ({ ...one, environments: one.environments.map(environment) })))),
        );
  };
}
