import { type Figure, figure, percentile } from '../support/figures';
import type { BenchDatabase } from './bench-database';
import type { EngineWorker } from './engine-worker';
import { getDueInstant, timerRunId } from './messages';

const count = 200;
const windowMs = 20_000;
/** Time for the runs to reach their waits before the first is due. */
const leadMs = 4000;
/** The time after the last instant within which timers still count. */
const patienceMs = 20_000;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Enqueues the runs and records when the step after each one's wait began. A restarted worker may report again: the
 * first report counts.
 */
async function fireAll(database: BenchDatabase, worker: EngineWorker, meanwhile: () => Promise<void>) {
  const start = Date.now() + leadMs;
  const runIds = Array.from({ length: count }, (_, number) =>
    timerRunId(Math.round(start + Math.random() * windowMs), number),
  );
  const firedAt = new Map<string, number>();
  worker.onReport((report) => {
    if (report.kind !== 'fired' || !runIds.includes(report.runId)) return;
    firedAt.set(report.runId, Math.min(report.at, firedAt.get(report.runId) ?? report.at));
  });
  await database.enqueue(runIds);
  await sleep(start + windowMs / 2 - Date.now());
  await meanwhile();
  while (firedAt.size < count && Date.now() < start + windowMs + patienceMs) await sleep(100);
  return [...firedAt].map(([runId, at]) => ({ due: getDueInstant(runId) ?? Number.NaN, at }));
}

type Fired = { readonly due: number; readonly at: number };

function lateness(name: string, fired: readonly Fired[], isBound: boolean): Figure[] {
  const late = fired.map(({ due, at }) => at - due);
  const longest = late.length === 0 ? null : Math.max(...late);
  return [
    figure(`${name}, p50`, late.length === 0 ? null : percentile(late, 0.5), 'ms', null),
    ...(isBound ? [figure(`${name}, p99`, percentile(late, 0.99), 'ms', { most: 100 })] : []),
    figure(`${name}, longest`, longest, 'ms', null),
  ];
}

/** Measures the lateness of timers in a worker that keeps running. */
export async function measureTimers(database: BenchDatabase, worker: EngineWorker): Promise<Figure[]> {
  const fired = await fireAll(database, worker, async () => {});
  return [
    ...lateness(`Lateness of ${count} timers`, fired, true),
    figure('Timers that never fired', count - fired.length, '', { most: 1 }),
  ];
}

/**
 * Measures the same when the worker is killed in the middle and restarted. A stopped worker can't fire timers, so those
 * that came due before the restart are counted separately.
 */
export async function measureTimersAcrossFall(
  database: BenchDatabase,
  worker: EngineWorker,
): Promise<Figure[]> {
  let fall = { downAt: 0, upAt: 0 };
  const fired = await fireAll(database, worker, async () => {
    fall = await worker.fall();
  });
  const { downAt, upAt } = fall;
  const wasDown = ({ due, at }: Fired) => at >= downAt && due <= upAt;
  const down = fired.filter(wasDown);
  const up = fired.filter((each) => !wasDown(each));
  return [
    figure('Worker killed and ready again', upAt - downAt, 'ms', null),
    ...lateness('Lateness of timers around the kill', up, true),
    figure('Timers due while it was down', down.length, '', null),
    ...lateness('Lateness of those', down, false),
    figure('Timers that never fired around the kill', count - fired.length, '', { most: 1 }),
  ];
}
