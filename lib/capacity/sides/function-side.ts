import { erlangB } from '@/lib/capacity/queueing/erlang';
import { type ServiceTime, serviceTime } from '@/lib/capacity/queueing/service-time';
import { noWait, type Wait } from '@/lib/capacity/queueing/wait';
import type { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { ScenarioFunction, ScenarioRegion } from '@/lib/capacity/scenario/scenario';
import { type WarmCurve, warmCurve, warmUpPerS } from './provisioned';
import { RecentMaximum, RecentSum } from './recent';

/** A step of a function. All numbers are requests of the step, unless they say otherwise. A function has no queue. */
export type FunctionStep = {
  readonly arrivals: number;
  readonly served: number;
  readonly refused: {
    readonly functionConcurrency: number;
    readonly functionBurst: number;
    readonly functionColdStart: number;
    readonly functionTimeout: number;
    readonly functionError: number;
  };
  /** Instances that were started for a request, which waited for them. */
  readonly coldStarts: number;
  /** Concurrent requests, on average, with those that wait for their instance. */
  readonly busy: number;
  /** Provisioned instances that are warm. */
  readonly provisioned: number;
  /** Other instances that exist at the end of the step. */
  readonly onDemand: number;
  /** The time that instances were busy, in GB-seconds, and that provisioned ones were not. */
  readonly gbSeconds: number;
  readonly idleGbSeconds: number;
  readonly wait: Wait;
};

const minuteS = 60;

/**
 * The concurrent requests that there would be without any limit. They follow the arrivals as those that run end, with
 * the mean duration as their time constant; the first step continues what was before it.
 */
class OfferedLoad {
  /** On average during the step, and at its end. */
  mean = 0;
  end: number | null = null;

  step(rps: number, busyS: number, dtS: number): void {
    const goal = rps * busyS;
    const before = this.end ?? goal;
    const times = dtS / busyS;
    const left = Math.exp(-times);
    this.mean = goal + ((before - goal) * (1 - left)) / times;
    this.end = goal + (before - goal) * left;
  }
}

/** One function with its state. */
type Member = {
  /** Its place in the list of functions. */
  readonly index: number;
  readonly fn: ScenarioFunction;
  readonly time: ServiceTime;
  readonly warm: WarmCurve;
  /** The numbers of instances beside the provisioned ones that were in use. */
  readonly used: RecentMaximum;
  readonly load: OfferedLoad;
};

/** Functions that share memory: one with a reservation, or all others of a region. */
type MemoryPool = { readonly members: readonly Member[]; readonly mb: number };

type RegionState = {
  readonly region: ScenarioRegion;
  readonly pools: readonly MemoryPool[];
  /** Instance starts of the last minute. */
  readonly starts: RecentSum;
};

/** The needs of a member in a step, and what it may have. */
type Need = {
  readonly member: Member;
  readonly rps: number;
  readonly provisioned: number;
  /** Instances that exist beside the provisioned ones. */
  readonly existing: number;
  /** Concurrent requests if nothing were refused. */
  readonly offered: number;
  /** The share of arrivals that finds the memory used up. */
  readonly blocked: number;
  /** Instances that would be in use at once: the most of the time in which an idle one is kept. */
  readonly peak: number;
  /** Instances of rare requests, which start one again because it has ended since the last. */
  readonly again: number;
  /** Requests whose instances never are ready, because they start for longer than they may. */
  readonly unready: number;
};

/**
 * The functions of the function side, step by step. A function has no queue: a request takes a warm instance, starts
 * one, or is refused. The number of concurrent requests is that of a system in which no request waits (Erlang B), which
 * depends on the mean duration alone. Refused are: for lack of memory (432), and where more instances are needed than
 * may start within a minute (429). Instances are kept for a while after their last request and the last one is used
 * first, so that as many exist as were busy at once within that time. The sandbox admits calls by the same rules
 * (`lib/sandbox/functions/admission.ts`).
 */
export class FunctionSide {
  readonly #regions: readonly RegionState[];
  readonly #functions: readonly ScenarioFunction[];
  readonly #assumptions: CapacityAssumptions;
  #atS: number;

  /**
   * @param startS the time of the first step, in seconds of the scenario
   * @param warmOf returns the warm instances of a function, by its index; by default those that it provisions
   */
  constructor(
    functions: readonly ScenarioFunction[],
    regions: readonly ScenarioRegion[],
    assumptions: CapacityAssumptions,
    startS = 0,
    warmOf?: (index: number) => WarmCurve,
  ) {
    this.#functions = functions;
    this.#assumptions = assumptions;
    this.#atS = startS;
    this.#regions = regions.map((region) => createRegion(region, functions, assumptions, warmOf));
  }

  /**
   * @param rps arrivals per second, by function
   * @param jumps the parts of them that begin at once within the step
   * @returns one step for each function
   */
  step(rps: readonly number[], dtS: number, jumps: readonly number[] = []): readonly FunctionStep[] {
    const fromS = this.#atS;
    this.#atS += dtS;
    const steps = new Array<FunctionStep>(this.#functions.length);
    for (const state of this.#regions) {
      const needs: Need[] = [];
      for (const pool of state.pools) needs.push(...this.#listNeeds(pool, rps, jumps, fromS, dtS));
      let wanted = 0;
      for (const need of needs) wanted += countStarts(need, dtS);
      const budget = this.#getBudget(state, fromS, dtS);
      const granted = wanted > budget ? budget / wanted : 1;
      state.starts.add(fromS, wanted * granted);
      for (const need of needs) {
        const starts = countStarts(need, dtS) * granted;
        steps[need.member.index] = this.#finish(need, starts, granted < 1, dtS);
      }
    }
    return steps;
  }

  #getBudget({ region, starts }: RegionState, fromS: number, dtS: number): number {
    const perMinute = region.burstPerMinute;
    const isEven = this.#assumptions['function.burstWindow'] === 'even';
    if (isEven || dtS >= minuteS) return (perMinute * dtS) / minuteS;
    return Math.max(0, perMinute - starts.get(fromS));
  }

  #listNeeds(
    { members, mb }: MemoryPool,
    rps: readonly number[],
    jumps: readonly number[],
    fromS: number,
    dtS: number,
  ): readonly Need[] {
    const middleS = fromS + dtS / 2;
    let [warmMb, usedMb, squareMb] = [0, 0, 0];
    for (const { warm, index, time, fn, load } of members) {
      const memory = fn.memoryMb;
      load.step(rps[index] ?? 0, time.busyS, dtS);
      const offeredMb = load.mean * memory;
      warmMb += warm(middleS) * memory;
      usedMb += offeredMb;
      squareMb += offeredMb * memory;
    }
    // No more are warm than fit.
    const fits = warmMb > mb ? mb / warmMb : 1;
    let idleMb = 0;
    for (const { warm, fn, load } of members)
      idleMb += Math.max(0, warm(middleS) * fits - load.mean) * fn.memoryMb;
    // Functions of several sizes count as one of their mean size, by use.
    const sizeMb = usedMb > 0 ? squareMb / usedMb : 1;
    const isAlone = members.length === 1;
    const roomMb = isAlone ? mb : Math.max(0, mb - idleMb);
    const blocked = usedMb > 0 ? erlangB(Math.floor(roomMb / sizeMb + 1e-9), usedMb / sizeMb) : 0;
    return members.map((member): Need => {
      const { index, fn } = member;
      const arrivals = rps[index] ?? 0;
      const offered = member.load.mean;
      const provisioned = member.warm(middleS) * fits;
      // Its own warm instances are not in use by others.
      const blockedHere =
        isAlone || blocked === 0 ? blocked : Math.min(blocked, erlangB(provisioned, offered));
      const part = usedMb > 0 ? (offered * fn.memoryMb) / usedMb : 0;
      const most = isAlone ? Math.floor(mb / fn.memoryMb) : (roomMb * part) / fn.memoryMb;
      const existing = member.used.get(fromS);
      const admitted = 1 - blockedHere;
      const of = { rps: arrivals, jump: jumps[index] ?? 0, admitted };
      const isReady = this.#assumptions['function.coldStartMs'] <= fn.initTimeoutS * 1000;
      const peak = isReady ? this.#peakInstances(member, of, provisioned + existing, dtS) : provisioned;
      return {
        member,
        rps: arrivals,
        provisioned,
        existing,
        offered,
        blocked: blockedHere,
        peak: Math.min(Math.max(provisioned, most), peak),
        again: peak > provisioned ? this.#countAgain(member, arrivals * admitted, provisioned, dtS) : 0,
        unready: isReady ? 0 : arrivals * admitted * dtS * erlangB(provisioned, offered * admitted),
      };
    });
  }

  /** Returns how many instances are in use at once if none is missing. */
  #peakInstances(
    { time, load }: Member,
    arrivals: { readonly rps: number; readonly jump: number; readonly admitted: number },
    ready: number,
    dtS: number,
  ): number {
    const { rps, jump, admitted } = arrivals;
    if (rps <= 0) return 0;
    const coldS = this.#assumptions['function.coldStartMs'] / 1000;
    const busy = Math.max(load.mean, load.end ?? 0) * admitted;
    // Requests that begin at once and find no instance all start one until the first of these is free again.
    const lacking = Math.min(jump, Math.max(0, rps * admitted - ready / time.busyS));
    const atOnce = lacking > 0 ? ready + lacking * (coldS + time.busyS) : 0;
    const gradually = (Math.max(0, busy - ready) / dtS) * coldS;
    return Math.max(atOnce, busy + this.#getExcess(time) * Math.sqrt(busy) + gradually);
  }

  /**
   * Returns how far the largest of as many independent values as fit into the time that an idle instance is kept is
   * above their mean, in standard deviations (a normal approximation).
   */
  #getExcess(time: ServiceTime): number {
    return Math.sqrt(2 * Math.log(Math.max(Math.E, this.#assumptions['function.idleS'] / time.busyS)));
  }

  /**
   * Returns the starts of a step that replace instances that ended for lack of use: of those that are rarely needed
   * (the n-th is needed e^(−excess ÷ √mean) times as often as the one before, and one that is needed once in the idle
   * time is replaced most often), and of rare requests each that comes after the last instance has ended.
   */
  #countAgain(member: Member, rps: number, provisioned: number, dtS: number): number {
    const idleS = this.#assumptions['function.idleS'];
    const mean = rps * member.time.busyS;
    const rarely = Math.sqrt(mean) / (this.#getExcess(member.time) * idleS);
    const last = provisioned >= 1 ? 0 : rps * Math.exp(-mean - rps * idleS);
    return Math.min(rps, Math.max(rarely, last)) * dtS;
  }

  #finish(need: Need, starts: number, isLimited: boolean, dtS: number): FunctionStep {
    const { rps, offered, blocked, provisioned, existing, peak, member, unready } = need;
    const { fn, time } = member;
    const coldS = this.#assumptions['function.coldStartMs'] / 1000;
    const arrivals = rps * dtS;
    const admitted = 1 - blocked;
    const failedStarts = unready > 0 ? starts : 0;
    const instances = provisioned + existing + starts - failedStarts;
    // With fewer instances than needed, and none to start, requests find all of them busy.
    const tooFast = isLimited && unready === 0 ? erlangB(instances, offered * admitted) : 0;
    const run = arrivals * admitted * (1 - tooFast) - unready;
    const coldStarts = Math.min(starts - failedStarts, run);
    const workS = run * time.busyS;
    const busy = Math.min(instances, offered * admitted * (1 - tooFast) + (coldStarts * coldS) / dtS);
    const used = Math.max(0, Math.min(instances, peak) - provisioned, Math.min(1, starts - failedStarts));
    member.used.add(this.#atS, used);
    const late = run * time.overLimit;
    const failed = (run - late) * fn.errorShare;
    const gb = fn.memoryMb / 1024;
    const startS = coldStarts * coldS + failedStarts * fn.initTimeoutS;
    const billedColdS = this.#assumptions['function.coldStartBilled'] === 'billed' ? startS : 0;
    return {
      arrivals,
      served: run - late - failed,
      refused: {
        functionConcurrency: arrivals * blocked,
        functionBurst: arrivals * admitted * tooFast + (unready > 0 ? unready - starts : 0),
        functionColdStart: failedStarts,
        functionTimeout: late,
        functionError: failed,
      },
      coldStarts,
      busy,
      provisioned,
      onDemand: instances - provisioned,
      gbSeconds: (workS + billedColdS) * gb,
      idleGbSeconds: Math.max(0, provisioned - busy) * dtS * gb,
      wait:
        coldStarts > 0 && coldS > 0
          ? { share: Math.min(1, coldStarts / run), leastS: coldS, spanS: 0, rate: 0 }
          : noWait,
    };
  }
}

/** Returns how many instances would start in a step without a limit of their pace. */
function countStarts(need: Need, dtS: number): number {
  const { rps, blocked, provisioned, existing, peak, again, unready } = need;
  if (unready > 0) return unready;
  return Math.min(rps * (1 - blocked) * dtS, Math.max(peak - provisioned - existing, again));
}

function createRegion(
  region: ScenarioRegion,
  functions: readonly ScenarioFunction[],
  assumptions: CapacityAssumptions,
  warmOf?: (index: number) => WarmCurve,
): RegionState {
  const own = [...functions.entries()].filter(([, fn]) => fn.region === region.region);
  const warmed = own.filter(([, { provisioned }]) => provisioned.length > 0).length;
  const perS = warmUpPerS(region, warmed, assumptions);
  const members = own.map(([index, fn]) => ({
    index,
    fn,
    time: serviceTime(fn.duration, fn.timeoutS),
    warm: warmOf?.(functions.indexOf(fn)) ?? warmCurve(fn, perS),
    used: new RecentMaximum(assumptions['function.idleS']),
    load: new OfferedLoad(),
  }));
  const reservedMb = own.reduce((sum, [, fn]) => sum + (fn.reservedMb ?? 0), 0);
  const shared = members.filter(({ fn }) => fn.reservedMb === null);
  const pools: MemoryPool[] = members.flatMap((member) =>
    member.fn.reservedMb === null ? [] : [{ members: [member], mb: member.fn.reservedMb }],
  );
  if (shared.length > 0)
    pools.push({ members: shared, mb: Math.max(0, region.quotaMb - region.otherMb - reservedMb) });
  return { region, pools, starts: new RecentSum(minuteS) };
}

/** Returns how many instances of a function may run at once if nothing else uses its memory. */
export function instancesLimit(
  fn: ScenarioFunction,
  functions: readonly ScenarioFunction[],
  region: ScenarioRegion,
): number {
  const reservedMb = functions
    .filter((other) => other.region === fn.region)
    .reduce((sum, other) => sum + (other.reservedMb ?? 0), 0);
  const mb = fn.reservedMb ?? Math.max(0, region.quotaMb - region.otherMb - reservedMb);
  return Math.floor(mb / fn.memoryMb);
}
