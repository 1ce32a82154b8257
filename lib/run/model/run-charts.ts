import type { StepId } from '@/lib/plan/model/model';
import { listShareStages } from '@/lib/plan/share-stages';
import type { TrafficPoint } from './diverted-traffic';
import type { RunRecord } from './fold-run';
import type { RunEvent, Sample } from './model';
import { type Spacing, spaceByTime } from './run-watch';

/* The data of a run's charts, with a bounded number of points. Pure. */

/** The maximum number of points per line: a wide screen has about one for each three pixels. */
export const pointsMax = 240;
const marksMax = 40;

/** One or more rounds of probes. `slowestMs` null = nothing was probed. */
export type ProbePoint = {
  readonly at: string;
  readonly sent: number;
  readonly failed: number;
  readonly slowestMs: number | null;
};

/**
 * The intended share of the function in the requests that a diversion moves, in %, from then on; null = the plan does
 * not contain it.
 */
export type ShareChange = { readonly at: string; readonly functionShare: number | null };

/** A marked instant of a run on its charts. */
export type ChartMark = {
  readonly at: string;
  readonly kind: 'apply' | 'bake' | 'T0' | 'T1' | 'rollback' | 'stopped' | 'end';
};

/** Merges neighbours so that at most this many points are left. The newest is always one of them. */
export function downsample<T>(
  points: readonly T[],
  merge: (neighbours: readonly [T, ...T[]]) => T,
  max = pointsMax,
): readonly T[] {
  const size = Math.max(1, Math.ceil(points.length / max));
  const merged: T[] = [];
  // From the end, so that only the oldest point may merge fewer.
  for (let end = points.length; end > 0; end -= size) {
    const [first, ...others] = points.slice(Math.max(0, end - size), end);
    if (first !== undefined) merged.unshift(merge([first, ...others]));
  }
  return merged;
}

/** Returns a round of probes as a point. */
export function toProbePoint({ at, probes }: Sample): ProbePoint {
  const latencies = probes.map(({ latencyMs }) => latencyMs);
  return {
    at,
    sent: probes.length,
    failed: probes.filter(({ passed }) => !passed).length,
    slowestMs: latencies.length === 0 ? null : Math.max(...latencies),
  };
}

/**
 * Returns unordered points as the bounded points of one line, with more of them near changes of traffic: the counts of
 * neighbours are added, and the slowest and every failure are kept.
 */
export function mergeProbePoints(
  points: readonly ProbePoint[],
  near: Spacing['near'],
): readonly ProbePoint[] {
  const inOrder = points.toSorted((a, b) => a.at.localeCompare(b.at));
  const times = inOrder.map(({ at }) => Date.parse(at));
  const ends = spaceByTime(times, { near, max: pointsMax });
  return ends.flatMap((end, index) => {
    const neighbours = inOrder.slice((ends[index - 1] ?? -1) + 1, end + 1);
    return neighbours.slice(-1).map(({ at }) => ({
      at,
      sent: neighbours.reduce((sum, { sent }) => sum + sent, 0),
      failed: neighbours.reduce((sum, { failed }) => sum + failed, 0),
      slowestMs: getHighest(neighbours.map(({ slowestMs }) => slowestMs)),
    }));
  });
}

function getHighest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Returns when each apply step was done for the first time. */
function listDone(events: readonly RunEvent[]): ReadonlyMap<StepId, string> {
  const done = new Map<StepId, string>();
  for (const event of events)
    if (event.type === 'stepDone' && event.direction === 'apply' && !done.has(event.stepId))
      done.set(event.stepId, event.at);
  return done;
}

/**
 * Returns the instants at which a run has set its shares, in the order of `listShareStages`: with the last write of each
 * share of a ramp, of each wave in turn.
 */
export function listStageTimes({ plan, events }: Pick<RunRecord, 'plan' | 'events'>): readonly string[] {
  const done = listDone(events);
  const times: string[] = [];
  const moved: string[] = [];
  let [isOpen, wave]: [boolean, number | undefined] = [false, undefined];
  const close = () => {
    const at = moved.toSorted().at(-1);
    if (isOpen && at !== undefined) times.push(at);
    isOpen = false;
  };
  for (const step of plan.steps) {
    if (step.phase !== 'divert') continue;
    if (step.kind === 'bake' && step.percent !== null) close();
    if (step.kind !== 'write') continue;
    // A wave without a bake is followed by the next at once.
    if (step.wave !== undefined && step.wave !== wave) close();
    wave = step.wave ?? wave;
    const at = done.get(step.id);
    if (at === undefined) return times;
    moved.push(at);
    isOpen = true;
  }
  close();
  return times;
}

/**
 * Returns the changes of the intended share, oldest first: with the last write of each share of a ramp, and with the
 * first write of the rollback, after which traffic is shared as before the run. Between waves it is unknown: it depends
 * on the requests to each name. Of an Access and a Split it is the share of the requests that they move.
 * @param from the start of the charts
 */
export function listShares({ plan, events }: RunRecord, from: string): readonly ShareChange[] {
  const { diversion } = plan;
  const before = { at: from, functionShare: null };
  const toFunction = (gained: number): number | null => {
    if (diversion.kind !== 'switch') return plan.restores === undefined ? gained : null;
    return diversion.toward === 'cvm' ? 100 - gained : gained;
  };
  const stages = listShareStages(plan);
  const hasWaves = diversion.kind === 'switch' && diversion.waves !== undefined;
  const last = diversion.kind === 'switch' ? (diversion.ramp.at(-1)?.percent ?? 100) : 100;
  // Names that have moved before the run may have another share than those that it moves.
  const isOfAll = Math.abs((stages.at(-1)?.percent ?? 100) - last) < 1e-6;
  const changes: ShareChange[] = [before];
  for (const [index, at] of listStageTimes({ plan, events }).entries()) {
    const isLast = index >= stages.length - 1;
    const isUnknown = hasWaves && !(isLast && isOfAll);
    const gained = hasWaves ? last : (stages[index]?.percent ?? 100);
    changes.push({ at, functionShare: isUnknown ? null : toFunction(gained) });
  }
  const moves = new Set(plan.rollback.flatMap(({ id, phase }) => (phase === 'rollback' ? [id] : [])));
  const undone = events.find(
    (event) =>
      event.type === 'stepDone' &&
      event.direction === 'rollback' &&
      event.outcome !== 'notOurs' &&
      event.outcome !== 'probed' &&
      moves.has(event.stepId),
  );
  return undone === undefined ? changes : [...changes, { ...before, at: undone.at }];
}

/** Returns the newest marked instants, oldest first. A T1 may be in the future. */
export function listMarks({ events, cutover }: RunRecord): readonly ChartMark[] {
  const begun = events.find((event) => event.type === 'started');
  const found = events.flatMap((event): readonly ChartMark[] => {
    const { at } = event;
    switch (event.type) {
      case 'passed':
        return event.gate === 'T0' ? [{ at, kind: 'T0' }] : [];
      case 'baking':
        return [{ at, kind: 'bake' }];
      case 'rollback':
      case 'stopped':
        return [{ at, kind: event.type }];
      case 'finished':
        return [{ at, kind: 'end' }];
      // A rollback that an operator has requested is a separate attempt.
      case 'started':
        return event.direction === 'rollback' ? [{ at, kind: 'rollback' }] : [];
      default:
        return [];
    }
  });
  const all: readonly ChartMark[] = [
    ...(begun !== undefined && cutover === null ? [{ at: begun.at, kind: 'apply' } as const] : []),
    ...found,
    ...(cutover?.t1 == null ? [] : [{ at: cutover.t1, kind: 'T1' } as const]),
  ];
  return all.toSorted((a, b) => a.at.localeCompare(b.at)).slice(-marksMax);
}

/** Returns the measured share of the function in the traffic, in %; null = no traffic, or unknown. */
export function getMeasuredShare({
  cvm,
  function: fn,
}: Pick<TrafficPoint, 'cvm' | 'function'>): number | null {
  if (cvm === null || fn === null) return null;
  const [targets, functions] = [cvm, fn].map((rate) => (rate === 'none' ? 0 : rate));
  const sum = (targets ?? 0) + (functions ?? 0);
  return sum === 0 ? null : ((functions ?? 0) / sum) * 100;
}
