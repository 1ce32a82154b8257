import { getProbeUrl, type HttpProbe, type Probe } from '@/lib/estate/probe';
import { unreachable } from '@/lib/invariant';
import type { Plan, ProbeStep, Step } from '@/lib/plan/model/model';
import { type ConvergencePoint, getConvergence, listConvergences, milestones } from './convergence';
import { foldRun, type RunRecord } from './fold-run';
import type { Breach, Direction, Sample } from './model';

/* The probes that the worker sends for a run besides its steps, and which of the stored results are kept. Pure. */

/** The reason why a run is probed now: it moves traffic, bakes, is diverted until T1, or has ended recently. */
export type WatchPart = 'move' | 'bake' | 'diverted' | 'after';

/** A failed probe of a round, by its target: a URL, or a name and its type. */
export type FailedWatch = {
  readonly at: string;
  readonly name: string;
  readonly status: string | null;
  readonly failure: string | null;
  readonly latencyMs: number;
};

/** A guard that was breached after a run had ended, with the probes that failed in that round. */
export type WatchedBreach = {
  readonly at: string;
  readonly breach: Breach;
  /**
   * The time when its measure was below the limit again, or had had no value for the guard's whole period; null = not
   * yet.
   */
  readonly overAt: string | null;
  readonly failed: readonly FailedWatch[];
};

/** The current state of a breach: above the limit, below again, or above in the last round before probing ended. */
export type BreachState =
  | { readonly kind: 'open' }
  | { readonly kind: 'over'; readonly at: string }
  | { readonly kind: 'unmeasured'; readonly at: string };

/** Rounds are at most a minute apart: without one for three times that, a run is no longer probed. */
const measuredWithinMs = 180_000;

/**
 * Returns the state of a breach.
 * @param lastAt the newest round of its run
 */
export function getBreachState(
  { overAt }: Pick<WatchedBreach, 'overAt'>,
  { lastAt, now }: { readonly lastAt: string; readonly now: Date },
): BreachState {
  if (overAt !== null) return { kind: 'over', at: overAt };
  const isMeasured = now.getTime() - Date.parse(lastAt) <= measuredWithinMs;
  return isMeasured ? { kind: 'open' } : { kind: 'unmeasured', at: lastAt };
}

/** The summary of all rounds of a run, independent of the number stored. */
export type WatchSummary = {
  readonly rounds: number;
  readonly sent: number;
  readonly failed: number;
  readonly slowestMs: number | null;
  /** The newest failures, oldest first. */
  readonly failures: readonly FailedWatch[];
  /** The newest breaches after its end, oldest first. */
  readonly breaches: readonly WatchedBreach[];
};

export const emptySummary: WatchSummary = {
  rounds: 0,
  sent: 0,
  failed: 0,
  slowestMs: null,
  failures: [],
  breaches: [],
};

/** The maximum number of listed failures; the counts include all. */
const failuresKept = 50;
const breachesKept = 20;

/** Returns the events that say that a write of this phase was accepted or is in effect. */
function listMoves({ plan, events }: Pick<RunRecord, 'plan' | 'events'>, direction: Direction) {
  const steps = direction === 'apply' ? plan.steps : plan.rollback;
  const writes = steps.filter((step) => step.kind === 'write');
  const moves = writes.filter(({ phase }) => phase === (direction === 'apply' ? 'divert' : 'rollback'));
  const moving = new Set((moves.length > 0 ? moves : writes.slice(-1)).map(({ id }) => id));
  return events.filter(
    (event) =>
      event.direction === direction &&
      (event.type === 'accepted' || event.type === 'stepDone') &&
      moving.has(event.stepId),
  );
}

/**
 * Returns why a run is probed at this time. null = it is not: nothing has moved yet, its rollback is in progress, whose
 * steps send their own probes, or it ended too long ago.
 * @param afterS the time for which it is probed after its end, in seconds
 */
export function getWatchPart(run: RunRecord, now: Date, afterS: number): WatchPart | null {
  if (listMoves(run, 'apply').length === 0) return null;
  const { state, endedAt } = foldRun(run);
  switch (state) {
    case 'baking':
      return 'bake';
    case 'diverted':
      return 'diverted';
    case 'applying':
    case 'retrying':
    case 'paused':
    case 'stopped':
      return foldRun(run).direction === 'apply' ? 'move' : null;
    case 'done':
    case 'rolledBack':
    case 'closed':
      return now.getTime() - Date.parse(endedAt ?? '') < afterS * 1000 ? 'after' : null;
    default:
      return null;
  }
}

/**
 * Returns the probes that show whether clients get correct responses: after an apply, requests to each route that
 * traffic moves to; after a rollback, those that its steps sent.
 */
export function listWatchedProbes(
  { steps, rollback }: Pick<Plan, 'steps' | 'rollback'>,
  direction: Direction,
): readonly ProbeStep[] {
  if (direction === 'rollback') return rollback.filter((step): step is ProbeStep => step.kind === 'probe');
  const http = steps.filter((step): step is ProbeStep => step.kind === 'probe' && step.probe.kind === 'http');
  // Earlier waves are verified before later ones have moved.
  const verify = http.filter(({ phase }) => phase === 'verify' || phase === 'divert');
  return verify.length > 0 ? verify : http;
}

/** The maximum number of requests of an agent for a run. */
const agentRequestsMax = 20;

/** A request of an agent: to the name, as clients send it. */
type AgentRequest = { readonly url: string; readonly probe: HttpProbe };

/** Returns what agents request for a run: each URL of its probes once. */
export function listAgentRequests(
  plan: Pick<Plan, 'steps' | 'rollback'>,
  direction: Direction,
): readonly AgentRequest[] {
  const probes = listWatchedProbes(plan, direction).flatMap(({ probe }) =>
    probe.kind === 'http' ? [probe] : [],
  );
  const requests = new Map(probes.map((probe) => [getProbeUrl(probe), probe]));
  return [...requests].slice(0, agentRequestsMax).map(([url, probe]) => ({ url, probe }));
}

function nameProbe(probe: Probe): string {
  switch (probe.kind) {
    case 'http':
      return getProbeUrl(probe);
    case 'dns':
      return `${probe.type} ${probe.name}`;
    case 'ready':
      return `${probe.namespace}/${probe.name}:${probe.qualifier}`;
    default:
      return unreachable(probe);
  }
}

function listFailed(steps: readonly Step[], { at, probes }: Sample): readonly FailedWatch[] {
  return probes.flatMap(({ passed, stepId, ...answer }) => {
    const step = steps.find(({ id }) => id === stepId);
    if (passed) return [];
    return [{ at, name: step?.kind === 'probe' ? nameProbe(step.probe) : stepId, ...answer }];
  });
}

/**
 * Returns the summary with one more round.
 * @param breach the guards' verdict after this round; null = no breach
 */
export function addRound(
  { steps, rollback }: Pick<Plan, 'steps' | 'rollback'>,
  summary: WatchSummary,
  sample: Sample,
  breach: Breach | null,
): WatchSummary {
  const failed = listFailed([...steps, ...rollback], sample);
  const latencies = sample.probes.map(({ latencyMs }) => latencyMs);
  return {
    rounds: summary.rounds + 1,
    sent: summary.sent + sample.probes.length,
    failed: summary.failed + failed.length,
    slowestMs: latencies.length === 0 ? summary.slowestMs : Math.max(summary.slowestMs ?? 0, ...latencies),
    failures: [...summary.failures, ...failed].slice(-failuresKept),
    breaches: addBreach(summary.breaches, { at: sample.at, breach, failed }),
  };
}

/** A breach that continues is the same one; a later one after its end is new. */
function addBreach(
  breaches: readonly WatchedBreach[],
  { at, breach, failed }: Pick<WatchedBreach, 'at' | 'failed'> & { readonly breach: Breach | null },
): readonly WatchedBreach[] {
  const last = breaches.at(-1);
  const earlier = breaches.slice(0, -1);
  if (breach === null) return last === undefined ? [] : [...earlier, { ...last, overAt: last.overAt ?? at }];
  if (last !== undefined && last.overAt === null) return breaches;
  return [...breaches, { at, breach, overAt: null, failed }].slice(-breachesKept);
}

/** A span of time, in epoch ms. */
type Span = { readonly from: number; readonly until: number };

const minuteMs = 60_000;
/** The time before each change of traffic, and after it, that is kept in detail: after T0 and a rollback an hour. */
const nearMs = { before: 5 * minuteMs, first: 60 * minuteMs, later: 10 * minuteMs };

/** Returns the spans around the changes of traffic in which the results of a run are kept in detail, oldest first. */
export function listNearSpans(run: Pick<RunRecord, 'plan' | 'events'>): readonly Span[] {
  const spans = (['apply', 'rollback'] as const).flatMap((direction) =>
    listMoves(run, direction).map(({ at }, index) => ({
      from: Date.parse(at) - nearMs.before,
      until: Date.parse(at) + (index === 0 ? nearMs.first : nearMs.later),
    })),
  );
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    const isApart = last === undefined || span.from > last.until;
    if (isApart) joined.push(span);
    else joined[joined.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
  }
  return joined;
}

/** The interval of kept results grows with the distance from the near spans by this part of it, up to a part of the run. */
const growth = 1 / 10;
const spanPart = 1 / 40;
/** More intervals than this many of the aim are needed before results in the near spans are more than a minute apart. */
const nearPriority = 3;

export type Spacing = {
  readonly near: readonly Span[];
  /** The maximum number that is kept. */
  readonly max: number;
  /** The number of newest ones that are kept in any case, as are the oldest and the newest. */
  readonly newest?: number;
  /** The indexes of others that are kept in any case. */
  readonly kept?: ReadonlySet<number>;
};

/**
 * Chooses by time which results to keep: those near changes of traffic about one a minute or more, others the farther
 * apart the farther they are from a change, so that the curve of a whole day fits beside its first hour.
 * @param times in epoch ms, oldest first
 * @returns their indexes, in order: all, if they are no more than the maximum
 */
export function spaceByTime(times: readonly number[], spacing: Spacing): readonly number[] {
  const { near, max, newest = 1, kept = new Set() } = spacing;
  const all = times.map((_, index) => index);
  const lastIndex = times.length - 1;
  const must = (index: number) => index === 0 || index > lastIndex - Math.max(1, newest) || kept.has(index);
  const least = Math.max(max, all.filter(must).length);
  const most = ((times.at(-1) ?? 0) - (times[0] ?? 0)) * spanPart;
  const far = times.map((at) => {
    const distances = near.map(({ from, until }) => Math.max(0, from - at, at - until));
    return Math.max(0, Math.min(most, Math.min(...distances) * growth));
  });
  // A result is left out if the ones beside it are still near enough to each other.
  let chosen: readonly number[] = all;
  for (let factor = 1 / 64; chosen.length > least; factor *= 1.1) {
    const nearGap = minuteMs * (factor <= 1 ? factor : Math.max(1, factor / nearPriority));
    let last = Number.NEGATIVE_INFINITY;
    chosen = all.filter((index) => {
      const at = times[index] ?? 0;
      const gap = (times[index + 1] ?? at) - last;
      if (!must(index) && gap <= nearGap + factor * (far[index] ?? 0)) return false;
      last = at;
      return true;
    });
  }
  return chosen;
}

/**
 * Returns the indexes of the counts that say when shares of the answers were current: the first with a share, the last
 * below it, and the last count with an answer. Without the others, `listConvergences` returns the same.
 * @param points oldest first
 */
export function listTurns(
  run: Pick<RunRecord, 'plan' | 'events'>,
  points: readonly ConvergencePoint[],
): ReadonlySet<number> {
  const moves = listConvergences(run, points);
  const last = points.findLastIndex((point) => getConvergence(point) !== null);
  return new Set([
    last,
    ...moves.flatMap(({ at, reachedMs }) => {
      const endAt = moves.find((other) => other.at > at)?.at ?? '9999';
      const isOwn = (point: ConvergencePoint) => point.at >= at && point.at < endAt;
      return milestones.flatMap((percent) => {
        const ms = reachedMs[percent];
        const isBelow = (point: ConvergencePoint) => isOwn(point) && (getConvergence(point) ?? -1) < percent;
        const isKnownBelow = (point: ConvergencePoint) => isBelow(point) && getConvergence(point) !== null;
        const reached =
          ms === null ? -1 : points.findIndex((point) => Date.parse(point.at) - Date.parse(at) === ms);
        return [reached, points.findLastIndex(isBelow), points.findLastIndex(isKnownBelow)];
      });
    }),
  ]);
}
