import { parseArgs } from 'node:util';
import { invariant } from '@/lib/invariant';
import type { Announcement } from '@/lib/sandbox/sandbox';
import type { World } from '@/lib/sandbox/world/world';
import type { BenchReading } from './estate/report';
import { shrinkEstate } from './estate/shrink';
import { type Figure, figure, percentile, report } from './support/figures';
import { start } from './support/processes';

/**
 * `npm run bench:estate`: syncs the large sandbox data (200 load balancers, 1,000 listeners, 10,000 rules, 40,000
 * targets, 500 functions, 200 records) and a tenth of it through the sandbox's API, which enforces the cloud's rates,
 * and plans over the snapshot. Each sync has its own process.
 */
const { values: flags } = parseArgs({ options: { json: { type: 'string' } } });

async function startLarge() {
  const args = ['--control', '--task-ms', '0', '--seed', 'large', '--vip-network', '127.172.0.0/16'];
  const { announcement, stop } = await start<Announcement>(['.build/sandbox.mjs', ...args]);
  const callControl = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${announcement.control?.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${announcement.control?.token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  return { announcement, callControl, stop };
}

async function read({ api, secretId, secretKey }: Announcement): Promise<BenchReading> {
  const { announcement, stop } = await start<BenchReading>([
    '.build/bench-estate-reader.mjs',
    ...[api, secretId, secretKey],
  ]);
  await stop();
  return announcement;
}

/**
 * Returns the action and region that take longest at their rate. They determine the minimum; the others are read in
 * parallel.
 */
function computeFloor({ calls }: BenchReading): { readonly action: string; readonly seconds: number } {
  const floors = calls.map(({ action, region, count, perSecond }) => ({
    action: region === null ? action : `${action} in ${region}`,
    seconds: count / perSecond,
  }));
  const [longest] = floors.sort((a, b) => b.seconds - a.seconds);
  invariant(longest, 'a reading sends calls');
  return longest;
}

/** Sums over all regions. */
function callsByAction({ calls }: BenchReading): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { action, count } of calls) sums.set(action, (sums.get(action) ?? 0) + count);
  return sums;
}

function toFigures(size: string, reading: BenchReading): Figure[] {
  const { calls, counts, throttles, gaps, readMs, readAgainMs, answerMs, memoryMb, planMs } = reading;
  invariant(gaps === 0, 'all of the world can be read');
  const floor = computeFloor(reading);
  const seconds = readMs / 1000;
  const isWhole = size === 'L';
  const sum = calls.reduce((total, { count }) => total + count, 0);
  const goal = <T>(wanted: T) => (isWhole ? wanted : null);
  return [
    ...Object.entries(counts).map(([what, count]) => figure(`${size}: ${what}`, count, '', null)),
    figure(`${size}: full sync`, seconds, 's', null),
    figure(`${size}: floor of the rates, by ${floor.action}`, floor.seconds, 's', null),
    figure(`${size}: full sync ÷ floor`, seconds / floor.seconds, '', goal({ most: 1.08 })),
    figure(
      `${size}: second sync of the process ÷ floor`,
      readAgainMs / 1000 / floor.seconds,
      '',
      goal({ most: 1.03 }),
    ),
    figure(`${size}: throttled calls`, throttles, '', goal({ most: 1 })),
    // A response slower than the fastest one delays the next request, so a busy machine shows here.
    figure(`${size}: answers, p95`, percentile(answerMs, 0.95), 'ms', null),
    figure(`${size}: calls`, sum, '', null),
    ...[...callsByAction(reading)].map(([action, count]) =>
      figure(`${size}: calls of ${action}`, count, '', null),
    ),
    figure(`${size}: plan and preflight, p50`, percentile(planMs, 0.5), 'ms', null),
    figure(`${size}: plan and preflight, p95`, percentile(planMs, 0.95), 'ms', goal({ most: 50 })),
    figure(`${size}: peak memory of the sync process`, memoryMb, 'MB', null),
  ];
}

const cloud = await startLarge();
try {
  const world = (await cloud.callControl('GET', '/data')) as World;
  await cloud.callControl('PUT', '/data', shrinkEstate(world, 10));
  // The first one runs on a sandbox that has just started, and doesn't count.
  await read(cloud.announcement);
  const tenth = await read(cloud.announcement);
  await cloud.callControl('PUT', '/data', world);
  const whole = await read(cloud.announcement);
  const ratio = (of: (reading: BenchReading) => number) => of(whole) / of(tenth);
  const figures = [
    ...toFigures('L', whole),
    ...toFigures('L/10', tenth),
    figure(
      'full sync, L ÷ L/10',
      ratio(({ readMs }) => readMs),
      '',
      null,
    ),
    figure(
      'plan and preflight p95, L ÷ L/10',
      ratio(({ planMs }) => percentile(planMs, 0.95)),
      '',
      null,
    ),
    figure(
      'memory, L ÷ L/10',
      ratio(({ memoryMb }) => memoryMb),
      '',
      null,
    ),
  ];
  report('Estate', figures, flags.json);
} finally {
  await cloud.stop();
}
