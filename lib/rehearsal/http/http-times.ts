import type { Cutover } from '@/lib/diversion/cutover';
import { phases } from '@/lib/diversion/phase';
import type { Plan, Step } from '@/lib/plan/model/model';
import { buildTimeline, forecastSeconds } from '@/lib/plan/model/timeline';
import type { HttpTraffic } from '@/lib/rehearsal/input';

/**
 * The time before prewarm, and after the end of the run, of the machine: a share of the whole, and at most some seconds.
 * Our own choice.
 */
const margins = { before: { share: 0.05, mostS: 5 }, after: { share: 0.1, mostS: 10 } } as const;
/** Waits run at most this many times as fast: above, the calls of a run no longer fit between them. Our own choice. */
const speedMax = 60;
/** The shortest prewarm and hold of a shortened schedule, in seconds of the rehearsal. */
const leastS = { prewarm: 30, hold: 60 } as const;

/** The schedule of a rehearsal over HTTP. Instants are epoch ms of its own clock, which starts at the machine's time. */
export type HttpTimes = {
  readonly startMs: number;
  readonly t0Ms: number;
  readonly t1Ms: number | null;
  readonly endMs: number;
  /** The number of times that waits run faster. */
  readonly speed: number;
  /** The shortened schedule; null = at once. */
  readonly cutover: Cutover | null;
  /** The machine's time after which the rehearsal ends in any case, in seconds after the start. */
  readonly mostS: number;
};

function longestDrainS(steps: readonly Step[]): number {
  return Math.max(0, ...steps.map((step) => (step.kind === 'drain' ? step.forecastMs / 1000 : 0)));
}

/** The waits of a schedule over HTTP, in seconds of the rehearsal. */
type Waits = {
  readonly prewarmS: number;
  readonly divertS: number;
  readonly holdS: number;
  /** All of them, from the start of prewarm to the end of the rollback. */
  readonly allS: number;
};

type Waiting = Pick<Plan, 'steps' | 'revert'>;

function listWaits(plan: Waiting, cutover: Cutover | null): Waits {
  const prewarmMs = forecastSeconds(plan.steps, ['prewarm']);
  const drainS = Math.max(longestDrainS(plan.steps), longestDrainS(plan.revert));
  const t1 = cutover?.t1 ?? null;
  const prewarmS =
    cutover === null
      ? 0
      : Math.ceil(Math.min(cutover.prewarmS, Math.max(leastS.prewarm, (2 * prewarmMs) / 1000)));
  const divert = phases.filter((phase) => phase !== 'prewarm' && (phase !== 'drain' || t1 === null));
  const divertS = forecastSeconds(plan.steps, divert) / 1000;
  const wantedHoldS = t1 === null || cutover === null ? 0 : (Date.parse(t1) - Date.parse(cutover.t0)) / 1000;
  const heldS = Math.max(1, Math.min(wantedHoldS - divertS, Math.max(leastS.hold, drainS)));
  const holdS = t1 === null ? Math.max(leastS.hold, drainS) : heldS;
  const revertS = t1 === null ? 0 : buildTimeline(plan.revert).totalMs / 1000;
  const atOnceS = cutover === null ? prewarmMs / 1000 : 0;
  return { prewarmS, divertS, holdS, allS: prewarmS + atOnceS + divertS + holdS + revertS };
}

const marginS = (of: keyof typeof margins, minutes: number) =>
  Math.min(margins[of].mostS, margins[of].share * minutes * 60);
/** Returns the machine's time that is left for waits, in seconds. */
const availableS = (minutes: number) => minutes * 60 - marginS('before', minutes) - marginS('after', minutes);

/** The waits that don't fit into the time of a rehearsal over HTTP, however fast they run. */
type HttpMisfit = {
  /** The shortest time in which they fit, in whole minutes. */
  readonly leastMinutes: number;
  /** The number of times that waits run faster, at most. */
  readonly speed: number;
  /** The longest wait: for a TTL, of a bake, of a drain, or of prewarm. */
  readonly longest: 'ttl' | 'bake' | 'drain' | 'prewarm';
  readonly longestS: number;
};

/** Returns why a plan can't be rehearsed over HTTP in a time: its run would not end in it. null = it can. */
export function findHttpMisfit(
  plan: Waiting,
  cutover: Cutover | null,
  { minutes }: Pick<HttpTraffic, 'minutes'>,
): HttpMisfit | null {
  const { allS, prewarmS } = listWaits(plan, cutover);
  if (allS <= availableS(minutes) * speedMax) return null;
  let leastMinutes = minutes;
  while (allS > availableS(leastMinutes) * speedMax) leastMinutes += 1;
  const waits = [...plan.steps, ...plan.revert].flatMap(
    (step): Pick<HttpMisfit, 'longest' | 'longestS'>[] => {
      if (step.kind === 'drain') return [{ longest: 'drain', longestS: step.forecastMs / 1000 }];
      if (step.kind !== 'bake') return [];
      return [{ longest: step.bakeS > step.oldTtlS ? 'bake' : 'ttl', longestS: step.forecastMs / 1000 }];
    },
  );
  const [longest] = [...waits, { longest: 'prewarm' as const, longestS: prewarmS }].toSorted(
    (a, b) => b.longestS - a.longestS,
  );
  return { leastMinutes, speed: speedMax, longest: 'prewarm', longestS: prewarmS, ...longest };
}

/**
 * Plans the times of a rehearsal over HTTP: T0 some seconds after its start, a hold that is long enough for clients to
 * follow, and T1. If the waits of the plan (prewarm, TTLs, bakes, drains) take longer than the given time, they run
 * faster, within limits: see `findHttpMisfit`. Pure.
 * @param startMs the machine's time, in epoch ms
 */
export function planHttpTimes(
  plan: Waiting,
  cutover: Cutover | null,
  { minutes }: Pick<HttpTraffic, 'minutes'>,
  startMs: number,
): HttpTimes {
  const { prewarmS, divertS, holdS, allS } = listWaits(plan, cutover);
  const t1 = cutover?.t1 ?? null;
  const speed = Math.min(speedMax, Math.max(1, Math.ceil((allS / availableS(minutes)) * 10) / 10));
  const iso = (ms: number) => new Date(Math.round(ms)).toISOString();
  const beginMs = startMs + marginS('before', minutes) * speed * 1000;
  const t0Ms = beginMs + prewarmS * 1000;
  const t1Ms = t1 === null ? null : t0Ms + (divertS + holdS) * 1000;
  return {
    startMs,
    t0Ms,
    t1Ms,
    endMs: beginMs + (allS + marginS('after', minutes) * speed) * 1000,
    speed,
    cutover:
      cutover === null ? null : { ...cutover, prewarmS, t0: iso(t0Ms), t1: t1Ms === null ? null : iso(t1Ms) },
    mostS: minutes * 60 * 1.5 + 30,
  };
}
