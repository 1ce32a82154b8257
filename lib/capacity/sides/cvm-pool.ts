import { durationTail } from '@/lib/capacity/queueing/duration-tail';
import { boundedQueue } from '@/lib/capacity/queueing/erlang';
import { noWait, type Wait, waitTail } from '@/lib/capacity/queueing/wait';
import type { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { ScenarioCvm } from '@/lib/capacity/scenario/scenario';

/** A step of the servers. All numbers are requests of the step, unless they say otherwise. */
export type CvmStep = {
  readonly arrivals: number;
  readonly served: number;
  /** Waiting at the end of the step. */
  readonly queued: number;
  readonly refused: {
    readonly serverBusy: number;
    readonly serverTimeout: number;
    readonly serverSlow: number;
    readonly serverError: number;
    readonly noBackend: number;
  };
  /**
   * The shares of the arrivals that are refused, now or once they have waited: no more than 1 in all. `refused` may be more
   * than arrive while the queue gets shorter.
   */
  readonly fates: Readonly<Record<keyof CvmStep['refused'], number>>;
  /** Requests that are worked on, on average. */
  readonly busy: number;
  readonly wait: Wait;
};

const noRefusals = { serverBusy: 0, serverTimeout: 0, serverSlow: 0, serverError: 0, noBackend: 0 };

/** The capacity of the servers, as a queue has it. */
export type CvmCapacity = {
  /** Requests that all servers work on at once: a whole number. */
  readonly workers: number;
  /** The mean duration, in seconds. */
  readonly serviceS: number;
  /** Requests per second that all servers serve at most. */
  readonly rps: number;
};

/** Returns the capacity of the servers. */
export function cvmCapacity({ servers, each }: Pick<ScenarioCvm, 'servers' | 'each'>): CvmCapacity {
  const latencyS = each.latencyMs / 1000;
  const rps = servers * (each.kind === 'rate' ? each.rps : each.workers / latencyS);
  const workers = Math.max(1, Math.round(rps * latencyS));
  return { workers: servers === 0 ? 0 : workers, serviceS: servers === 0 ? latencyS : workers / rps, rps };
}

/**
 * The servers of the CVM side as one queue with several workers and a bounded number of places (M/G/c/K), step by step.
 * Within a step the queue is at its stationary state for the step's arrivals (Erlang, with Allen–Cunneen's correction
 * for durations that are not exponential), unless it can't have got there yet: then it grows or shrinks as fast as
 * arrivals and capacity allow, near saturation as a random walk does. A request that itself takes longer than the load
 * balancer waits is refused, and keeps its worker busy to its end. Allen, Probability, Statistics and Queueing
 * Theory, 1990, 5.3; Harrison, Brownian Models of Performance and Control, 2013.
 */
export class CvmPool {
  readonly capacity: CvmCapacity;
  /** The maximum of waiting requests. */
  readonly #places: number;
  /** The maximum wait before the load balancer gives up, in seconds. */
  readonly #patienceS: number;
  readonly #cause: 'serverBusy' | 'serverTimeout';
  readonly #doesTimedOut: boolean;
  /** The share of requests that take longer than the load balancer waits, without any wait of their own. */
  readonly #lateShare: number;
  readonly #cv2: number;
  readonly #errorShare: number;
  #queued: number;

  /** @param queued requests that wait from the beginning, such as those of the pool before servers were added */
  constructor(cvm: ScenarioCvm, assumptions: CapacityAssumptions, queued = 0) {
    this.capacity = cvmCapacity(cvm);
    const { rps, serviceS } = this.capacity;
    this.#cv2 = cvm.variation ** 2;
    this.#errorShare = cvm.errorShare;
    this.#patienceS = Math.max(0, cvm.timeoutS - serviceS);
    this.#doesTimedOut = assumptions['cvm.timedOut'] === 'done';
    this.#lateShare = durationTail(cvm.each.latencyMs / 1000, cvm.variation, cvm.timeoutS);
    const backlog = cvm.servers * assumptions['cvm.queuePerServer'];
    const patient = rps * this.#patienceS;
    // Those that would wait too long leave the queue, so it never holds more than can be served in time.
    this.#places = this.#doesTimedOut ? backlog : Math.min(backlog, patient);
    this.#queued = Math.min(queued, this.#places);
    this.#cause = !this.#doesTimedOut && patient < backlog ? 'serverTimeout' : 'serverBusy';
  }

  /** The requests that wait. */
  get queued(): number {
    return this.#queued;
  }

  /** @param rps arrivals per second */
  step(rps: number, dtS: number): CvmStep {
    const arrivals = rps * dtS;
    const { workers, serviceS } = this.capacity;
    if (workers === 0) {
      const refused = { ...noRefusals, noBackend: arrivals };
      const fates = { ...noRefusals, noBackend: 1 };
      return { arrivals, served: 0, queued: 0, refused, fates, busy: 0, wait: noWait };
    }
    // Allen–Cunneen: a queue of (1 + cv²) ÷ 2 times the length of that with exponential durations.
    const spread = (1 + this.#cv2) / 2;
    const stationary = boundedQueue(workers, rps * serviceS, this.#places / spread);
    const goal = Math.min(this.#places, stationary.queued * spread);
    const before = this.#queued;
    const after = this.#follow(goal, rps, dtS);
    this.#queued = after;
    const grown = after - before;
    const blocked = Math.max(0, arrivals * stationary.blocked - Math.max(0, grown));
    const done = Math.max(0, arrivals - blocked - grown);
    const wait = this.#getWait({ before, after, goal, waits: stationary.waits, rps, spread });
    const inVain = this.#doesTimedOut ? done * waitTail(wait, this.#patienceS) : 0;
    const late = (done - inVain) * this.#lateShare;
    const failed = (done - inVain - late) * this.#errorShare;
    const refuse = (now: number, later: number, soon: Record<'late' | 'failed', number>) => {
      const waited = later + (this.#cause === 'serverTimeout' ? now : 0);
      return {
        serverBusy: this.#cause === 'serverBusy' ? now : 0,
        // Some of those that waited in vain would have taken too long without a wait, too.
        serverTimeout: waited * (1 - this.#lateShare),
        serverSlow: soon.late + waited * this.#lateShare,
        serverError: soon.failed,
        noBackend: 0,
      };
    };
    const refused = refuse(blocked, inVain, { late, failed });
    // Those that are done in this step may have arrived before it.
    const blockedShare = arrivals > 0 ? blocked / arrivals : 0;
    const part = done > 0 ? (1 - blockedShare) / done : 0;
    const fates = refuse(blockedShare, inVain * part, { late: late * part, failed: failed * part });
    const busy = Math.min(workers, (done / dtS) * serviceS);
    return { arrivals, served: done - inVain - late - failed, queued: after, refused, fates, busy, wait };
  }

  /** Returns the length of the queue at the end of a step. */
  #follow(goal: number, rps: number, dtS: number): number {
    const before = this.#queued;
    const { rps: most } = this.capacity;
    if (goal < before) return Math.max(goal, before - Math.max(0, most - rps) * dtS);
    const variance = (rps + Math.min(rps, most) * this.#cv2) * dtS;
    const walk = Math.sqrt(before ** 2 + (2 / Math.PI) * variance);
    const drift = before + (rps - most) * dtS;
    return Math.min(goal, Math.max(walk, drift), before + rps * dtS);
  }

  #getWait(step: {
    readonly before: number;
    readonly after: number;
    readonly goal: number;
    readonly waits: number;
    readonly rps: number;
    readonly spread: number;
  }): Wait {
    const { before, after, goal, waits, rps, spread } = step;
    const { rps: most } = this.capacity;
    if (after <= 0 && before <= 0) return noWait;
    const isSettled = after === goal && before <= 2 * goal;
    if (isSettled && (rps < most || before >= goal / 2)) {
      return { share: waits, leastS: 0, spanS: this.#places / most, rate: (most - rps) / spread };
    }
    if (rps < most && after <= goal) {
      const mean = (before + after) / 2 / most / Math.max(waits, 1e-9);
      return { share: waits, leastS: 0, spanS: this.#places / most, rate: 1 / Math.max(mean, 1e-9) };
    }
    const least = Math.min(before, after) / most;
    return { share: 1, leastS: least, spanS: Math.abs(after - before) / most, rate: 0 };
  }
}
