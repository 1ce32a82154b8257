import type { TimePoint } from '@/components/charts/time-chart';
import { type Guard, type GuardMeasure, guardMeasures } from '@/lib/diversion/cutover';
import { laggingMeasures } from '@/lib/diversion/guard-lag';
import type { RunView } from '@/lib/run/model/model';

/** The data of one chart: every sample of a measure, and the guard over it whose limit is reached first. */
export type MeasureSeries = {
  readonly measure: GuardMeasure;
  readonly points: readonly TimePoint[];
  readonly guard: Guard | null;
  /** The lag of the figures at the last sample that had any, in ms; null = they are read live. */
  readonly lagMs: number | null;
};

/** Returns the measures that were sampled while this run was watched, each with its samples. */
export function measureSeries({ samples, cutover }: RunView): readonly MeasureSeries[] {
  return guardMeasures.flatMap((measure) => {
    const points = samples.flatMap(({ at, measures }) => {
      const value = measures[measure];
      return value === undefined ? [] : [{ at: Date.parse(at), value }];
    });
    const guards = (cutover?.guards ?? []).filter((guard) => guard.measure === measure);
    const [guard = null] = guards.toSorted((a, b) => a.limit - b.limit);
    const lagMs = samples.findLast((sample) => sample.lagMs?.[measure] !== undefined)?.lagMs?.[measure];
    return points.length === 0
      ? []
      : [{ measure, points, guard, lagMs: laggingMeasures.has(measure) ? (lagMs ?? null) : null }];
  });
}

const hourMs = 3_600_000;
/** The minimum length of the scale, so that the first samples do not fill it. */
const spanMinMs = 60_000;

/**
 * Returns the time range of the charts, in epoch ms: from T0 or the first sample, whichever is earlier, to now. A hold
 * of an hour or less is shown up to its T1 from the start, so that nothing moves while it fills.
 * @param now null once the run has ended
 */
export function watchedSpan(
  { samples, cutover }: RunView,
  now: number | null,
): { from: number; until: number } {
  const readings = samples.map(({ at }) => Date.parse(at));
  const t0 = cutover === null ? [] : [Date.parse(cutover.t0)];
  const from = Math.min(...readings, ...t0);
  const last = Math.max(...readings, now ?? 0, from + spanMinMs);
  const t1 = cutover?.t1 ? Date.parse(cutover.t1) : 0;
  const showsT1 = now !== null && t1 - from <= hourMs;
  return { from, until: showsT1 ? Math.max(last, t1) : last };
}
