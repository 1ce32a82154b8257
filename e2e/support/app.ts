import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from 'playwright/test';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { setUpAdministrator } from '@/testing/launch/administrator';
import { findFreePorts } from '@/testing/launch/find-free-ports';

/** The project root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A launcher and the processes it runs. */
type Launched = {
  readonly baseURL: string;
  readonly dataDir: string;
  /** The lines that the launcher has printed so far. */
  readonly output: readonly string[];
  /** The PID of the launcher's process, for tests that kill it. */
  readonly launcherPid: number;
};

/** A complete Spillway for one test: the built launcher with its database, sandbox, worker and dashboard. */
export type App = Launched & {
  /** The addresses and keys of its sandbox. */
  readonly sandbox: Announcement;
  /**
   * The cookies of the administrator's session, each as `name=value`; none if the test sets the app up. A confirmation replaces
   * the session.
   */
  cookies: readonly string[];
};

/**
 * Runs tests against the built app; one app serves all tests of a Playwright worker. A failed test attaches its log.
 */
export const test = base.extend<
  { baseURL: string; appLog: undefined; keptSession: undefined },
  { app: App; appSettings: Readonly<Record<string, string>>; isSetUp: boolean }
>({
  browser: async ({ browser }, use) => {
    const newContext = browser.newContext.bind(browser);
    browser.newContext = async (options) => {
      const context = await newContext(options);
      context.on('page', openHydrated);
      return context;
    };
    await use(browser);
  },
  /** Settings in addition to the usual ones; tests with other settings get their own app. */
  appSettings: [{}, { option: true, scope: 'worker' }],
  /** False: there is no account, and the browser isn't signed in. */
  isSetUp: [true, { option: true, scope: 'worker' }],
  app: [
    async ({ appSettings, isSetUp }, use) => {
      const { stop, ...launched } = await startLauncher(appSettings);
      const sandbox = readFileSync(join(launched.dataDir, 'sandbox/connection.json'), 'utf8');
      const cookies = isSetUp ? await setUpAdministrator(launched.output) : [];
      await use({ ...launched, sandbox: JSON.parse(sandbox), cookies });
      await stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ app }, use) => use(app.baseURL),
  storageState: async ({ app }, use) => use({ cookies: app.cookies.map(toCookie), origins: [] }),
  keptSession: [
    async ({ app, context }, use) => {
      await use(undefined);
      // The next test of the app uses the session that this one ends with.
      const now = new Map((await context.cookies()).map(({ name, value }) => [name, value]));
      app.cookies = app.cookies.map((cookie) => {
        const { name } = toCookie(cookie);
        const value = now.get(name);
        return value === undefined ? cookie : `${name}=${value}`;
      });
    },
    { auto: true },
  ],
  appLog: [
    async ({ app }, use, info) => {
      await use(undefined);
      if (info.status === info.expectedStatus) return;
      const path = join(app.dataDir, 'log/spillway.log');
      await info.attach('spillway.log', { path });
      console.error(`The end of ${path}:\n${readFileSync(path, 'utf8').split('\n').slice(-60).join('\n')}`);
    },
    { auto: true },
  ],
});

/** Lets a page open and reload only once React has hydrated it: before that, it loses clicks and typed text. */
function openHydrated(page: Page): void {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...args) => {
    const response = await goto(...args);
    await waitForHydration(page);
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload(...args);
    await waitForHydration(page);
    return response;
  };
}

/** Waits until React handles the events of all buttons of a page; other servers' pages have none of the app. */
async function waitForHydration(page: Page): Promise<void> {
  const isHydrated = () =>
    document.documentElement.dataset.build === undefined ||
    [...document.querySelectorAll('button')].every((button) =>
      Object.keys(button).some((key) => key.startsWith('__reactProps')),
    );
  // A page that redirects can't be asked for a moment.
  await expect.poll(() => page.evaluate(isHydrated).catch(() => false)).toBe(true);
}

/** Returns a cookie of a session on this machine, for a browser. */
function toCookie(cookie: string) {
  const [name = '', value = ''] = cookie.split(/=(.*)/s);
  const scope = { domain: '127.0.0.1', path: '/', expires: -1 };
  return { name, value, ...scope, httpOnly: true, secure: false, sameSite: 'Lax' as const };
}

/**
 * Starts a launcher on its own ports and data directory, and waits until it is ready.
 * @param settings in addition to the usual ones
 * @param project another build's folder
 */
export async function startLauncher(
  settings: Readonly<Record<string, string>>,
  project = root,
): Promise<Launched & { stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-e2e-'));
  const [port, api, control, dns, resolver] = await findFreePorts(5);
  const launcher = spawn(process.execPath, ['lib/launch/start.mjs'], {
    cwd: project,
    env: {
      ...process.env,
      PORT: String(port),
      SPILLWAY_ROLE: 'all',
      DATABASE_URL: '',
      SPILLWAY_DATA_DIR: dataDir,
      SPILLWAY_SANDBOX_PORT: String(api),
      SPILLWAY_SANDBOX_CONTROL_PORT: String(control),
      SPILLWAY_SANDBOX_DNS_PORT: String(dns),
      SPILLWAY_SANDBOX_RESOLVER_PORT: String(resolver),
      SPILLWAY_VIP_NETWORK: vipNetwork(),
      SPILLWAY_SANDBOX_TASK_MS: '100',
      SPILLWAY_KEEP_ALIVE_S: '1',
      // Every plan moves more than this, which shows that the setting is applied.
      SPILLWAY_MAX_SHARE_PERCENT: '1',
      // Changes by others are detected soon. Each sync costs the two apps of a run almost a second of CPU time.
      SPILLWAY_SYNC_PARTS_S: '20',
      // The tests must not use a real account of the developer who runs them.
      TENCENTCLOUD_SECRET_ID: '',
      TENCENTCLOUD_SECRET_KEY: '',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(launcher, 'exit');
  // If the start times out, nothing else would stop the app.
  const end = () => launcher.kill('SIGTERM');
  process.once('exit', end);
  const stop = async () => {
    process.removeListener('exit', end);
    end();
    await exited;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const output: string[] = [];
  await ready(launcher, exited, output).catch(async (error) => {
    await stop();
    throw error;
  });
  return { baseURL: `http://127.0.0.1:${port}`, dataDir, launcherPid: launcher.pid ?? 0, output, stop };
}

/**
 * Waits for the launcher's ready message; its log lines explain a failure.
 * @param lines gets every line that it prints
 */
async function ready(launcher: ChildProcess, exited: Promise<unknown>, lines: string[]): Promise<void> {
  const said = new Promise<void>((resolve) => {
    for (const stream of [launcher.stdout, launcher.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (line.startsWith('Spillway is ready')) resolve();
      });
    }
  });
  const died = exited.then(() => {
    throw new Error(`Spillway did not start:\n${lines.join('\n')}`);
  });
  await Promise.race([said, died]);
}

/**
 * Returns a network below 127.77.0.0/16, the default of an `npm start` at the same time; networks of the unit tests are
 * above that. It differs from most other runs, and always from those of the parallel workers.
 */
function vipNetwork(): string {
  const beside = Number(process.env.TEST_PARALLEL_INDEX ?? 0) % 3;
  return `127.${2 + (process.pid % 24) * 3 + beside}.0.0/16`;
}
