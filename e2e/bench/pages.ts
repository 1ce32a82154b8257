import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page, type Request, type Response } from 'playwright';
import { readPath } from '@/lib/contract/reads';
import { invariant } from '@/lib/invariant';
import { startBenchDatabase } from './engine/bench-database';
import { type Figure, figure, report } from './support/figures';
import { startSpillway } from './support/start-spillway';
import { storeCutovers } from './web/store-cutovers';

/**
 * `npm run bench:pages`: opens each page in a browser with an empty cache, on the sandbox's default data and on the
 * `large` seed, and compares its size and speed with the budgets. It exits with 1 if a page exceeds a budget of bytes
 * or elements; times depend on the machine and are only reported. `--slowdown 2` makes the browser's processor half as
 * fast.
 */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', default: '' },
    slowdown: { type: 'string', default: '1' },
  },
});

type Data = 'small' | 'large';

/** Transferred bytes, gzipped. */
const budgets = {
  scriptKb: 430,
  htmlKb: { small: 22, large: 22 },
  lcpMs: { small: 800, large: 1500 },
  inpMs: 100,
  cls: 0.02,
  /** The limit of elements on any data. */
  elements: 6000,
} as const;

/** The figures of one page. Sizes are gzipped. */
type Measured = {
  readonly htmlBytes: number;
  /** Scripts that the page's HTML references. */
  readonly firstBytes: number;
  /** All scripts until the network is idle, including lazily loaded ones. */
  readonly scriptBytes: number;
  readonly lcpMs: number;
  readonly cls: number;
  readonly inpMs: number;
  readonly elements: number;
};

/** Runs in the page: records the browser's entries for paints, layout shifts and interactions. */
function observe(): void {
  const seen = { lcpMs: 0, cls: 0, inpMs: 0 };
  Object.assign(window, { seen });
  const each = (
    type: string,
    take: (entry: PerformanceEntry & { value: number; hadRecentInput: boolean }) => void,
  ) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        take(entry as PerformanceEntry & { value: number; hadRecentInput: boolean });
    }).observe({ type, buffered: true, ...(type === 'event' ? { durationThreshold: 16 } : {}) });
  each('largest-contentful-paint', ({ startTime }) => {
    seen.lcpMs = startTime;
  });
  each('layout-shift', ({ value, hadRecentInput }) => {
    if (!hadRecentInput) seen.cls += value;
  });
  // https://web.dev/articles/inp: the slowest of a few interactions. Events that are part of none have no id, such as
  // the `pointerover` of a page that loads below the pointer.
  each('event', (entry) => {
    const { duration, interactionId } = entry as unknown as PerformanceEventTiming;
    if (interactionId > 0) seen.inpMs = Math.max(seen.inpMs, duration);
  });
}

const readSeen = (page: Page) =>
  page.evaluate(() => (window as unknown as { seen: Pick<Measured, 'lcpMs' | 'cls' | 'inpMs'> }).seen);

async function measure(browser: Browser, url: string): Promise<Measured> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const cookies = spillway.cookies.map((cookie) => cookie.split(/=(.*)/s));
  await context.addCookies(cookies.map(([name = '', value = '']) => ({ name, value, url })));
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: Number(flags.slowdown) });
    await page.addInitScript(observe);
    const scripts = new Map<string, Promise<number>>();
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      const bytes = response.body().then((body) => gzipSync(body).byteLength);
      scripts.set(new URL(response.url()).pathname, bytes);
    });
    const response = await page.goto(url);
    invariant(response?.status() === 200, `${url} is served`);
    const html = await response.body();
    // The stream of changes stays open, so the network is never idle: wait for the last script and read.
    await page.waitForLoadState('load');
    await quiet(page);
    const { lcpMs, cls } = await readSeen(page);
    const elements = await page.evaluate(() => document.querySelectorAll('*').length);
    const text = html.toString('utf8');
    let [firstBytes, scriptBytes] = [0, 0];
    for (const [path, pending] of scripts) {
      const bytes = await pending;
      scriptBytes += bytes;
      if (text.includes(path)) firstBytes += bytes;
    }
    // Move the focus, search the page, and search the command palette.
    const keys = ['Tab', 'Tab', 'Tab', '/', 'a', 'b', 'Escape', 'Tab', 'Control+k', 'a', 'Escape'];
    for (const key of keys) await page.keyboard.press(key);
    await quiet(page);
    const { inpMs } = await readSeen(page);
    return { htmlBytes: gzipSync(html).byteLength, firstBytes, scriptBytes, lcpMs, cls, inpMs, elements };
  } finally {
    await context.close();
  }
}

/** The longest wait for requests without a response, in ms. */
const quietWithinMs = 30_000;

/**
 * Waits until every request except streams has had a response, and none has come for half a second. A body that is
 * not read never ends.
 */
async function quiet(page: Page): Promise<void> {
  const quietMs = 500;
  const startedAt = performance.now();
  let lastAt = startedAt;
  const open = new Set<Request>();
  const began = (request: Request) => {
    if (request.url().endsWith('/api/changes')) return;
    open.add(request);
    lastAt = performance.now();
  };
  const ended = (request: Request) => {
    if (open.delete(request)) lastAt = performance.now();
  };
  const answered = (response: Response) => ended(response.request());
  page.on('request', began);
  page.on('response', answered);
  page.on('requestfailed', ended);
  while (open.size > 0 || performance.now() - lastAt < quietMs) {
    const waiting = [...open].map((request) => request.url());
    invariant(
      performance.now() - startedAt < quietWithinMs,
      `${page.url()} gets responses to ${waiting.join(', ')}`,
    );
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  page.off('request', began);
  page.off('response', answered);
  page.off('requestfailed', ended);
}

function toFigures(name: string, data: Data, found: Measured): readonly Figure[] {
  const kb = (bytes: number) => bytes / 1000;
  const of = (what: string) => `${name}: ${what}`;
  return [
    figure(of('HTML'), kb(found.htmlBytes), 'kB', { most: budgets.htmlKb[data] }),
    figure(of('first-load JS'), kb(found.firstBytes), 'kB', { most: budgets.scriptKb }),
    figure(of('elements'), found.elements, '', { most: budgets.elements }),
    figure(of('LCP'), found.lcpMs, 'ms', { most: budgets.lcpMs[data] }),
    figure(of('INP'), found.inpMs, 'ms', { most: budgets.inpMs }),
    figure(of('CLS'), found.cls, '', { most: budgets.cls }),
  ];
}

/** Prints one line for each page. */
function printTable(data: Data, all: ReadonlyMap<string, Measured>): void {
  const { htmlKb, scriptKb, lcpMs, inpMs, cls, elements } = budgets;
  console.log(
    `\nPages, ${data} data: HTML ≤ ${htmlKb[data]} kB, first-load JS ≤ ${scriptKb} kB, LCP ≤ ${lcpMs[data]} ms, INP ≤ ${inpMs} ms, CLS ≤ ${cls}, elements ≤ ${elements}`,
  );
  const kb = (bytes: number) => Number((bytes / 1000).toFixed(1));
  console.table(
    [...all].map(([page, found]) => ({
      page,
      'HTML kB': kb(found.htmlBytes),
      'first JS kB': kb(found.firstBytes),
      'all JS kB': kb(found.scriptBytes),
      'LCP ms': Math.round(found.lcpMs),
      'INP ms': Math.round(found.inpMs),
      CLS: Number(found.cls.toFixed(3)),
      elements: found.elements,
    })),
  );
}

async function readJson(url: string): Promise<unknown> {
  return (await fetch(url, signedIn)).json();
}

/** Waits until the estate of the only account has been synced, and returns the account. */
async function waitForEstate(base: string, name: string): Promise<string> {
  const id = `sandbox-${name}`;
  for (;;) {
    const view = await readJson(`${base}${readPath('estate.getSummary', id)}`).catch(() => null);
    if (typeof view === 'object' && view !== null && 'estate' in view && view.estate !== null) return id;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Replaces the sandbox's data by a seed, through its control API. */
async function loadSeed(dataDir: string, seed: string): Promise<void> {
  const { control } = JSON.parse(readFileSync(join(dataDir, 'sandbox/connection.json'), 'utf8')) as {
    control: { url: string; token: string };
  };
  const answer = await fetch(`${control.url}/seed`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control.token}` },
    body: JSON.stringify({ name: seed }),
  });
  invariant(answer.ok, `the sandbox has the seed ${seed}`);
}

const database = await startBenchDatabase();
const spillway = await startSpillway(database.url);
const signedIn = { headers: { Cookie: spillway.cookies.join('; ') } };
const browser = await chromium.launch({
  // The program that starts this has found a browser.
  ...(process.env.CHROME_PATH ? { executablePath: process.env.CHROME_PATH } : {}),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const base = `http://127.0.0.1:${spillway.port}`;
const figures: Figure[] = [];

async function measureAll(data: Data, pages: Readonly<Record<string, string>>): Promise<void> {
  const all = new Map<string, Measured>();
  for (const [name, path] of Object.entries(pages)) {
    if (!name.includes(flags.only)) continue;
    // A first visit, so that work of the server's first request is not measured.
    await fetch(`${base}${path}`, signedIn);
    const found = await measure(browser, `${base}${path}`);
    all.set(name, found);
    figures.push(...toFigures(`${name}, ${data}`, data, found));
  }
  printTable(data, all);
}

/** The pages whose content depends on the account. */
const accountPages = (id: string) => ({
  overview: '/',
  map: `/estate?connection=${id}`,
  list: `/estate?connection=${id}&view=list`,
  bindings: `/bindings?connection=${id}`,
  drift: `/drift?connection=${id}`,
  changes: `/changes?connection=${id}`,
  'new Split': `/diversions/new?connection=${id}`,
  'new Access': `/diversions/new?connection=${id}&kind=access`,
  'new Switch': `/failover/new?connection=${id}`,
});

try {
  const small = await waitForEstate(base, 'niaga');
  const runs = await storeCutovers(small, 10);
  await measureAll('small', {
    ...accountPages(small),
    diversions: '/diversions',
    plan: `/plans/${runs.plan}`,
    'run, ended': `/runs/${runs.ended}`,
    'run, diverted': `/runs/${runs.diverted}`,
    schedule: '/schedule',
    capacity: '/capacity',
    switches: '/failover',
    settings: '/settings',
    sandbox: '/sandbox',
  });
  await loadSeed(spillway.dataDir, 'large');
  await measureAll('large', accountPages(await waitForEstate(base, 'large')));
  const exact = figures.filter(({ unit, figure: name }) => unit === 'kB' || name.endsWith('elements'));
  const past = exact.filter(({ met }) => met === false);
  if (past.length > 0) report('Above the budgets', past, undefined);
  if (flags.json !== undefined) report('Pages', figures, flags.json);
  process.exitCode = past.length > 0 ? 1 : 0;
} finally {
  await browser.close();
  await spillway.stop();
  await database.stop();
}
