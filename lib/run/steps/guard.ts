import type { Guard } from '@/lib/diversion/cutover';
import { shortestJudgedS } from '@/lib/estate/measure';
import type { Breach, Sample } from '@/lib/run/model/model';

/**
 * Judges what was watched: pure, over the samples of this wait, oldest first.
 * A guard is breached when every reading of its measure over the last `forS` seconds, two at least, was above its limit;
 * over more where the figures lag behind, as `shortestJudgedS` says.
 * What could not be read is neither: it is left out, so it can't hide a breach on both of its sides.
 * @returns the first breach, those that lead back before those that hold: the way back is the safer one.
 */
export function findBreach(guards: readonly Guard[], samples: readonly Sample[]): Breach | null {
  const breaches = guards.flatMap((guard) => detectBreach(guard, samples) ?? []);
  return breaches.find(({ guard }) => guard.outcome === 'revert') ?? breaches[0] ?? null;
}

function detectBreach(guard: Guard, samples: readonly Sample[]): Breach | null {
  const readings = samples.flatMap(({ at, measures, lagMs }) => {
    const value = measures[guard.measure];
    return value === undefined || value === null ? [] : [{ at, value, lagMs: lagMs?.[guard.measure] ?? 0 }];
  });
  const newest = readings.at(-1);
  if (newest === undefined) return null;
  const goodAt = readings.findLastIndex(({ value }) => value <= guard.limit);
  const [first, ...others] = readings.slice(goodAt + 1);
  if (first === undefined || others.length === 0) return null;
  const lastedMs = Date.parse(newest.at) - Date.parse(first.at);
  const above = [first, ...others];
  const judgedS = Math.max(guard.forS, shortestJudgedS(Math.max(...above.map(({ lagMs }) => lagMs))));
  return lastedMs >= judgedS * 1000 ? { guard, value: newest.value, since: first.at } : null;
}
