import type { Step } from '@/lib/plan/model/model';
import { buildTimeline } from '@/lib/plan/model/timeline';
import type { WriteTime } from './safety-facts';

/** The start of a plan's prewarm, and its T0, as ISO instants. `isPermanent`: it has no T1. */
type Start = { readonly from: string; readonly t0: string | null; readonly isPermanent: boolean };

/**
 * Returns when the writes of an apply are forecast to be sent, without retries. Those after T0 follow T0, however early
 * prewarm ends. A plan that is rolled back at T1 has no drain before it.
 * @param start without T0: all steps follow each other at once
 */
export function forecastWriteTimes(
  steps: readonly Step[],
  { from, t0, isPermanent }: Start,
): readonly WriteTime[] {
  const { times } = buildTimeline(steps);
  const prewarmEnd = Math.max(
    0,
    ...steps.flatMap(({ id, phase }) => (phase === 'prewarm' ? (times.get(id)?.toMs ?? 0) : 0)),
  );
  return steps.flatMap((step): readonly WriteTime[] => {
    const time = times.get(step.id);
    if (step.kind !== 'write' || time === undefined) return [];
    if (step.phase === 'drain' && !isPermanent) return [];
    const startMs = step.phase === 'prewarm' || t0 === null ? Date.parse(from) : Date.parse(t0) - prewarmEnd;
    return [{ from: startMs + time.fromMs, to: startMs + time.fromMs }];
  });
}
