/** What can go wrong with one request. Times in ms. */
export type WriteFault =
  /** Refused at the door, this one and the next ones. */
  | { readonly kind: 'throttle'; readonly count: number }
  /** The load balancer is busy with somebody else's task. */
  | { readonly kind: 'busy'; readonly forMs: number }
  | { readonly kind: 'replyLost' }
  | { readonly kind: 'requestLost' }
  | { readonly kind: 'http5xx'; readonly status: number; readonly acts: boolean }
  | { readonly kind: 'internalError'; readonly acts: boolean }
  | { readonly kind: 'taskFails' }
  /** The task runs far longer than anybody waits, and then acts or fails. */
  | { readonly kind: 'taskStuck'; readonly forMs: number; readonly acts: boolean }
  /** Some of the targets are taken, then the task fails. */
  | { readonly kind: 'partial' }
  | { readonly kind: 'slow'; readonly byMs: number }
  /** Accepted and done, and nothing is different. */
  | { readonly kind: 'unchanged' }
  /** The record is changed, but the list shows it only later. */
  | { readonly kind: 'indexLags'; readonly byMs: number };

/** Reads, probes, rounds of watching or looks at the waiting plan that go wrong one after the other. */
export type LookFault = {
  readonly kind: 'readFails' | 'probeFails' | 'watchFails' | 'checkFails';
  readonly count: number;
};

/** A fault and the request that it meets: the n-th of its kind in the whole run, from 0. */
export type Fault =
  | { readonly on: 'write'; readonly nth: number; readonly fault: WriteFault }
  | { readonly on: Look; readonly nth: number; readonly fault: LookFault };

export type Look = 'read' | 'probe' | 'watch' | 'check';

/** Hands out the faults of a scenario as their requests come. */
export class FaultSchedule {
  readonly #asked = { write: 0, read: 0, probe: 0, watch: 0, check: 0 };
  #isOver = false;
  #awayUntilMs = 0;

  /** @param onFault told of each request that met a fault */
  constructor(
    private readonly faults: readonly Fault[],
    private readonly onFault: (kind: string) => void,
  ) {}

  /** From now on everything works. */
  end(): void {
    this.#isOver = true;
  }

  /** Lets everything be out of reach until then, by the time that has passed, in ms. */
  away(untilMs: number): void {
    this.onFault('outage');
    this.#awayUntilMs = Math.max(this.#awayUntilMs, untilMs);
  }

  isAway(nowMs: number): boolean {
    return !this.#isOver && nowMs < this.#awayUntilMs;
  }

  write(): WriteFault | null {
    const met = this.#meet('write');
    return met?.on === 'write' ? met.fault : null;
  }

  fails(what: Look): boolean {
    return this.#meet(what) !== undefined;
  }

  #meet(on: Fault['on']): Fault | undefined {
    const n = this.#asked[on];
    this.#asked[on] += 1;
    if (this.#isOver) return undefined;
    const met = this.faults.find((fault) => {
      const count = 'count' in fault.fault ? fault.fault.count : 1;
      return fault.on === on && n >= fault.nth && n < fault.nth + count;
    });
    if (met !== undefined) this.onFault(met.fault.kind);
    return met;
  }
}
