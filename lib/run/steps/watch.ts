import { type Guard, guardMaxS } from '@/lib/diversion/cutover';
import { laggingMeasures } from '@/lib/diversion/guard-lag';
import { judgedMinS, shortestJudgedS } from '@/lib/estate/measure';
import type { Breach, PausableState, Sample } from '@/lib/run/model/model';
import { watchEveryMs } from '@/lib/run/model/retry';
import { listen, type ReceivedCommand } from './listen';
import { recordEvent, type StepContext } from './step-context';

/** The longest lag of a figure: a stored measurement is used for ten minutes, and monitoring lags by up to five. */
const lagMaxS = 900;
/** The readings that the longest guard may need, with a margin. */
const samplesKept = Math.ceil(((guardMaxS + lagMaxS) * 1000) / watchEveryMs) + 20;

/** Runs one round: reads the measures, and records them. */
async function takeSample(context: StepContext): Promise<Sample> {
  const sample = await context.watcher.sample();
  await recordEvent(context, { type: 'watched', sample });
  return sample;
}

/**
 * Waits until an instant under the guards: one round of measures runs every few seconds, and a breach ends the wait by
 * the guard's policy.
 */
export async function watchUntil(
  context: StepContext,
  until: Date,
  state: PausableState,
): Promise<ReceivedCommand> {
  const { guards } = context;
  let samples: readonly Sample[] = [];
  for (;;) {
    if (guards.length === 0) return listen(context, until, state);
    const sample = await context.once(context.fresh('watch'), () => takeSample(context));
    samples = listJudged(guards, [...samples, sample]);
    const breach = findBreach(guards, samples);
    if (breach?.guard.outcome === 'rollback') return { kind: 'rollback', why: { kind: 'guard', breach } };
    if (breach !== null) return { kind: 'stop', reason: { kind: 'guard', breach } };
    const next = new Date(Math.min(Date.parse(sample.at) + watchEveryMs, until.getTime()));
    const received = await listen(context, next, state);
    if (received.kind !== 'due') return received;
    if (next.getTime() >= until.getTime()) return received;
  }
}

/**
 * Evaluates the guards: pure, over the samples of this wait, oldest first. A guard is breached if every reading of its
 * measure over the last `forS` seconds, at least two, was above its limit. If the figures of monitoring lag, the time is
 * longer: see `shortestJudgedS`. Other figures count up to what they are of: a report that is not renewed confirms nothing
 * after it. A missing reading is skipped, so that it can't hide a breach around it.
 * @returns the first breach; those that roll back before those that stop, which is safer
 */
export function findBreach(guards: readonly Guard[], samples: readonly Sample[]): Breach | null {
  const breaches = guards.flatMap((guard) => detectBreach(guard, samples) ?? []);
  return breaches.find(({ guard }) => guard.outcome === 'rollback') ?? breaches[0] ?? null;
}

/**
 * Returns the samples that a breach, now or later, can include: those since the first reading above its limit after the
 * last good one, of any guard, and no more than the longest guard needs. A wait of days then keeps only a few.
 */
export function listJudged(guards: readonly Guard[], samples: readonly Sample[]): readonly Sample[] {
  const since = guards.map((guard) => {
    const from = findLastGood(guard, samples) + 1;
    const first = samples.slice(from).findIndex(({ measures }) => isRead(measures[guard.measure]));
    return first < 0 ? samples.length : from + first;
  });
  return samples.slice(Math.min(...since)).slice(-samplesKept);
}

/**
 * Returns the place of the newest sample that ends a breach; -1 if no sample does. A missing reading ends no breach.
 */
function findLastGood(guard: Guard, samples: readonly Sample[]): number {
  return samples.findLastIndex(({ measures }) => (measures[guard.measure] ?? Infinity) <= guard.limit);
}

const isRead = (value: number | null | undefined): value is number => value !== undefined && value !== null;

function detectBreach(guard: Guard, samples: readonly Sample[]): Breach | null {
  const above = samples.slice(findLastGood(guard, samples) + 1).flatMap(({ at, measures, lagMs }) => {
    const value = measures[guard.measure];
    return isRead(value) ? [{ at, value, lagMs: lagMs?.[guard.measure] ?? 0 }] : [];
  });
  const [first, second] = above;
  const newest = above.at(-1);
  if (first === undefined || second === undefined || newest === undefined) return null;
  const isMonitored = laggingMeasures.has(guard.measure);
  const lastedMs = Date.parse(newest.at) - (isMonitored ? 0 : newest.lagMs) - Date.parse(first.at);
  const shortestS = isMonitored ? shortestJudgedS(Math.max(...above.map(({ lagMs }) => lagMs))) : judgedMinS;
  const judgedS = Math.max(guard.forS, shortestS);
  return lastedMs >= judgedS * 1000 ? { guard, value: newest.value, since: first.at } : null;
}
