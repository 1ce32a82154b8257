import type { Phase } from '@/lib/diversion/phase';
import { objectKey } from '@/lib/estate/object-state';
import { nextBatch } from './batch';
import type { Step, StepId, WriteStep } from './model';

/** The forecast start and end of a step, in ms from the start of its list. */
export type StepTime = { readonly fromMs: number; readonly toMs: number };

export type StepTimeline = {
  readonly times: ReadonlyMap<StepId, StepTime>;
  /** The end of the last step. */
  readonly totalMs: number;
  /** The part of it spent only waiting for old answers, kept connections or a bake. */
  readonly waitMs: number;
};

/** Returns the lane of a step: writes to one load balancer run in sequence, as do those to one object. */
function getLane(step: WriteStep): string {
  const { LoadBalancerId: loadBalancer } = step.call.params;
  // A load balancer that the plan creates is named by a placeholder until it exists.
  return loadBalancer === undefined ? objectKey(step.object) : JSON.stringify(loadBalancer);
}

/** Returns the times of parallel writes, with those of one lane in sequence. */
function writeTimes(writes: readonly WriteStep[], startMs: number): Map<StepId, StepTime> {
  const free = new Map<string, number>();
  const times = new Map<StepId, StepTime>();
  for (const step of writes) {
    const lane = getLane(step);
    const fromMs = free.get(lane) ?? startMs;
    const toMs = fromMs + step.forecastMs;
    free.set(lane, toMs);
    times.set(step.id, { fromMs, toMs });
  }
  return times;
}

function latestEnd(times: Iterable<StepTime>, otherwise: number): number {
  let end = otherwise;
  for (const { toMs } of times) end = Math.max(end, toMs);
  return end;
}

/** Returns the start of a wait: the time of its move, not its position in the list. */
function waitFrom(step: Step, times: ReadonlyMap<StepId, StepTime>, nowMs: number): number {
  const ends = step.needs.flatMap((id) => times.get(id)?.toMs ?? []);
  return ends.length === 0 ? nowMs : Math.max(...ends);
}

/**
 * Returns the forecast duration of a list of steps without retries: in batches, as the executor runs them, with
 * independent steps in parallel and the writes of one load balancer in sequence. Pure.
 * @throws if steps wait for each other: the planner never creates such a plan
 */
export function buildTimeline(steps: readonly Step[]): StepTimeline {
  const times = new Map<StepId, StepTime>();
  const done = new Set<StepId>();
  let nowMs = 0;
  let waitMs = 0;
  for (let batch = nextBatch(steps, done); batch.length > 0; batch = nextBatch(steps, done)) {
    const writes = writeTimes(
      batch.filter((step) => step.kind === 'write'),
      nowMs,
    );
    for (const [id, time] of writes) times.set(id, time);
    const writtenMs = latestEnd(writes.values(), nowMs);
    const asked = batch.filter((step) => step.kind === 'probe');
    for (const { id, forecastMs } of asked)
      times.set(id, { fromMs: writtenMs, toMs: writtenMs + forecastMs });
    const workedMs = writtenMs + Math.max(0, ...asked.map((step) => step.forecastMs));
    const waits = batch.filter((step) => step.kind === 'bake' || step.kind === 'drain');
    for (const step of waits) {
      const toMs = Math.max(workedMs, waitFrom(step, times, workedMs) + step.forecastMs);
      times.set(step.id, { fromMs: workedMs, toMs });
    }
    const endMs = latestEnd(
      waits.flatMap(({ id }) => times.get(id) ?? []),
      workedMs,
    );
    waitMs += endMs - workedMs;
    nowMs = endMs;
    for (const { id } of batch) done.add(id);
  }
  return { times, totalMs: nowMs, waitMs };
}

/** Returns the forecast duration of consecutive phases, in ms; 0 if they have no steps. */
export function forecastSeconds(steps: readonly Step[], phases: readonly Phase[]): number {
  const { times } = buildTimeline(steps);
  const spans = steps.flatMap(({ id, phase }) => (phases.includes(phase) ? (times.get(id) ?? []) : []));
  if (spans.length === 0) return 0;
  return latestEnd(spans, 0) - Math.min(...spans.map(({ fromMs }) => fromMs));
}
