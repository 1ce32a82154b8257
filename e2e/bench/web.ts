import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readPath } from '@/lib/contract/reads';
import { invariant } from '@/lib/invariant';
import { createRecoveryLink } from '@/lib/server/auth/set-up-link';
import { createAccount } from '@/testing/launch/administrator';
import { startBenchDatabase } from './engine/bench-database';
import { figure, percentile, report } from './support/figures';
import { startSpillway } from './support/start-spillway';
import { storeCutovers } from './web/store-cutovers';

/**
 * `npm run bench:web`: simulates `--browsers` browsers, each with an open change stream, one page and one small read
 * every 2 s, against a complete Spillway with the sandbox's default data and `--cutovers` cutovers of the last month.
 * Slow requests don't delay later ones. Then strangers try `--sign-ins` passwords a second, each from another network,
 * while reads and the check of liveness go on.
 */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    browsers: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
    cutovers: { type: 'string', default: '10' },
    'sign-ins': { type: 'string', default: '100' },
  },
});
const browsers = Number(flags.browsers);
const seconds = Number(flags.seconds);
const everyMs = 2000;

/** Returns resident memory and CPU time of a launcher's dashboard (Linux). */
function webUse(launcherPid: number): { readonly memoryMb: number; readonly cpuMs: number } {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const isChild = status.includes(`PPid:\t${launcherPid}\n`);
      if (!isChild || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('web.mjs')) continue;
      // The 14th and 15th fields, in hundredths of a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
      return {
        memoryMb: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024,
        cpuMs: (user + system) * 10,
      };
    } catch {
      // The process has ended since the folder was listed.
    }
  }
  throw new Error('the dashboard is not among the processes of this machine');
}

const database = await startBenchDatabase();
// A proxy at this machine names the networks of those who sign in.
const spillway = await startSpillway(database.url, { SPILLWAY_TRUSTED_PROXIES: '127.0.0.1' });
const Cookie = spillway.cookies.join('; ');
/** Like browsers, because compression is part of the work. */
const headers = { 'Accept-Encoding': 'gzip, deflate, br', Cookie };
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

type Answer = { readonly ms: number; readonly bytes: number; readonly status: number };

/** Status 0: the response was missing or incomplete. */
function ask(port: number, path: string): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise<Answer>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent, headers }, (response: IncomingMessage) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ ms: performance.now() - startedAt, bytes, status: response.statusCode ?? 0 }),
      );
    }).on('error', reject);
  }).catch(() => ({ ms: performance.now() - startedAt, bytes: 0, status: 0 }));
}

/** The most streams of one person. */
const streamsOfOne = 20;

/** Opens a change stream of a person and keeps reading it. */
async function follow(port: number, cookie: string): Promise<() => void> {
  const own = { Cookie: cookie };
  const request = get({ host: '127.0.0.1', port, path: '/api/changes', agent: false, headers: own });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  invariant(response.statusCode === 200, 'a stream of changes is accepted');
  response.resume().on('error', () => {});
  return () => void request.destroy();
}

const floodS = 10;

/** Tries a wrong password from a /64 of its own, and returns the status of the answer. */
async function trySignIn(port: number, network: number): Promise<number> {
  const origin = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${origin}/api/session/sign-in`, {
    method: 'POST',
    headers: {
      Origin: origin,
      'Content-Type': 'application/json',
      'X-Forwarded-For': `2001:db8:0:${network.toString(16)}::1`,
    },
    body: JSON.stringify({ email: `stranger${network}@example.com`, password: 'not the right password' }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function textAt(port: number, path: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Cookie } })).text();
}

/** Returns the sandbox's account, once its estate has been synced. */
async function readConnection(port: number): Promise<string> {
  for (;;) {
    const id = /connection=(sandbox-[\w-]+)/.exec(await textAt(port, '/estate'))?.[1];
    if (id !== undefined) {
      const { estate } = JSON.parse(await textAt(port, readPath('estate.get', id))) as {
        estate: unknown;
      };
      if (estate !== null) return id;
    }
    await sleep(250);
  }
}

try {
  const { port } = spillway;
  const id = await readConnection(port);
  const account = `?connection=${id}`;
  const runs = await storeCutovers(id, Number(flags.cutovers));
  const pages = [
    ...[`/estate${account}`, `/bindings${account}`, `/diversions/new${account}`, `/changes${account}`],
    ...['/', `/drift${account}`, '/diversions', '/failover', '/schedule', '/sandbox', '/settings'],
    ...[`/runs/${runs.ended}`, `/runs/${runs.diverted}`, `/plans/${runs.plan}`],
  ];
  const reads = (['navigation.count', 'emergencyStop.get', 'schedule.get', 'switch.list'] as const).map(
    (name) => readPath(name, undefined),
  );
  // Each once, so that work of a first request is not measured.
  for (const path of [...pages, ...reads])
    invariant((await ask(port, path)).status === 200, `${path} is served`);
  const alone = [];
  for (const path of pages) alone.push((await ask(port, path)).ms);

  const people = [Cookie];
  while (people.length * streamsOfOne < browsers) {
    const token = await createRecoveryLink(database.url);
    const email = `person${people.length}@example.com`;
    people.push((await createAccount(`http://127.0.0.1:${port}`, token, email)).join('; '));
  }
  const streams = await Promise.all(
    Array.from({ length: browsers }, (_, browser) => follow(port, people[browser % people.length] ?? Cookie)),
  );
  const cpuBefore = webUse(spillway.pid).cpuMs;
  const seenPages: Answer[] = [];
  const seenReads: Answer[] = [];
  const memory: number[] = [];
  const under: Promise<unknown>[] = [];
  const rounds = Math.ceil((seconds * 1000) / everyMs);
  const turns = rounds * browsers;
  for (let turn = 0; turn < turns; turn += 1) {
    const page = pages[turn % pages.length] ?? '/';
    const read = reads[turn % reads.length] ?? '/';
    under.push(ask(port, page).then((answer) => seenPages.push(answer)));
    under.push(ask(port, read).then((answer) => seenReads.push(answer)));
    if (turn % browsers === 0) memory.push(webUse(spillway.pid).memoryMb);
    await sleep(everyMs / browsers);
  }
  await Promise.all(under);
  memory.push(webUse(spillway.pid).memoryMb);
  const cpuMs = webUse(spillway.pid).cpuMs - cpuBefore;

  const tried: number[] = [];
  const seenUnder: Answer[] = [];
  const seenLive: Answer[] = [];
  const flood: Promise<unknown>[] = [];
  const signIns = Number(flags['sign-ins']);
  for (let turn = 0; turn < signIns * floodS; turn += 1) {
    flood.push(trySignIn(port, turn).then((status) => tried.push(status)));
    if (turn % 10 === 0) {
      flood.push(ask(port, reads[turn % reads.length] ?? '/').then((answer) => seenUnder.push(answer)));
      flood.push(ask(port, '/api/health/live').then((answer) => seenLive.push(answer)));
    }
    await sleep(1000 / signIns);
  }
  await Promise.all(flood);
  for (const leave of streams) leave();

  const failed = [...seenPages, ...seenReads, ...seenUnder, ...seenLive].filter(
    ({ status }) => status !== 200,
  ).length;
  const ms = (answers: readonly Answer[], share: number) =>
    percentile(
      answers.map((each) => each.ms),
      share,
    );
  const bytes = seenPages.reduce((sum, each) => sum + each.bytes, 0) / seenPages.length;
  const third = Math.ceil(memory.length / 3);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const growth = mean(memory.slice(-third)) / mean(memory.slice(third, -third));
  report(
    'Web',
    [
      figure('browsers, each with a change stream', browsers, '', null),
      figure('cutovers of the last month, and two that are diverted', Number(flags.cutovers), '', null),
      figure('pages', seenPages.length, '', null),
      figure('responses other than 200', failed, '', { most: 1 }),
      figure('a single page, p50', percentile(alone, 0.5), 'ms', null),
      figure('pages, p50', ms(seenPages, 0.5), 'ms', null),
      figure('pages, p95', ms(seenPages, 0.95), 'ms', { most: 800 }),
      figure('small reads, p50', ms(seenReads, 0.5), 'ms', null),
      figure('small reads, p95', ms(seenReads, 0.95), 'ms', { most: 300 }),
      figure('passwords tried', tried.length, '', null),
      figure('of them refused with 503', tried.filter((status) => status === 503).length, '', null),
      figure('small reads during the tries, p95', ms(seenUnder, 0.95), 'ms', { most: 300 }),
      figure('liveness during the tries, p95', ms(seenLive, 0.95), 'ms', { most: 100 }),
      figure('a page, mean', bytes / 1024, 'kB', null),
      figure('CPU time of the dashboard, per page and read', cpuMs / seenPages.length, 'ms', null),
      figure('peak memory of the dashboard', Math.max(...memory), 'MB', { most: 500 }),
      figure('memory, last third ÷ middle third', growth, '', { most: 1.1 }),
    ],
    flags.json,
  );
} finally {
  await spillway.stop();
  await database.stop();
}
