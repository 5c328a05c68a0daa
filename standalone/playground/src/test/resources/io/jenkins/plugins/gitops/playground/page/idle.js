/* A clock that stands still until a test has it go on, and a Jenkins that has nothing new. */
{
  const begin = 1790000000000;
  const clock = { at: 0, tasks: [], asked: [], hidden: false };
  window.clock = clock;
  let last = 0;
  Date.now = () => begin + clock.at;
  window.setTimeout = (task, pause = 0) => {
    last += 1;
    clock.tasks.push({ id: last, at: clock.at + pause, task });
    return last;
  };
  window.clearTimeout = (id) => {
    clock.tasks = clock.tasks.filter((one) => one.id !== id);
  };
  window.setInterval = () => 0;
  Object.defineProperty(document, 'hidden', { get: () => clock.hidden });
  const empty = {
    deployments: { ready: true, applications: [], problems: [], orders: [], gates: [] },
    gates: [],
    figures: { ready: true, applications: [], problems: [], orders: [], gates: [] },
  };
  window.fetch = async (address, { headers } = {}) => {
    clock.asked.push(String(address));
    return headers['If-None-Match']
      ? { status: 304 }
      : { ok: true, status: 200, text: async () => JSON.stringify(empty[clock.page || 'deployments']), headers: { get: () => 'tag' } };
  };
  /** What has been asked for is answered, and has had its consequences. */
  const settle = async () => {
    for (let turn = 0; turn < 50; turn += 1) {
      await null;
    }
  };
  /** @return how often the page asked in so many minutes */
  clock.pass = async (minutes) => {
    const before = clock.asked.length;
    const end = clock.at + minutes * 60000;
    const next = () => clock.tasks.sort((one, other) => one.at - other.at).find(({ at }) => at <= end);
    for (let one = next(); one; one = next()) {
      clock.tasks = clock.tasks.filter(({ id }) => id !== one.id);
      clock.at = Math.max(clock.at, one.at);
      one.task();
      await settle();
    }
    clock.at = end;
    return clock.asked.length - before;
  };
  /** Has the script of one page run in this document, and nothing of the one that was there. */
  clock.show = async (page, root) => {
    clock.page = page;
    clock.tasks = [];
    clock.asked = [];
    const panel = document.createElement('div');
    panel.className = `gitops-${page}`;
    panel.dataset.endpoint = root;
    document.body.replaceChildren(panel);
    await import(`${root}assets/${page}.js?${page}`);
    await settle();
  };
}
