/** The possible faults of one request. Times in ms. */
export type WriteFault =
  /** Refused by the rate limit, this one and the next ones. */
  | { readonly kind: 'throttle'; readonly count: number }
  /** The load balancer is busy with someone else's task. */
  | { readonly kind: 'busy'; readonly forMs: number }
  | { readonly kind: 'replyLost' }
  | { readonly kind: 'requestLost' }
  | { readonly kind: 'http5xx'; readonly status: number; readonly acts: boolean }
  | { readonly kind: 'internalError'; readonly acts: boolean }
  | { readonly kind: 'taskFails' }
  /** The task runs far longer than anyone waits, and then acts or fails. */
  | { readonly kind: 'taskStuck'; readonly forMs: number; readonly acts: boolean }
  /** Some of the targets are changed, then the task fails. */
  | { readonly kind: 'partial' }
  | { readonly kind: 'slow'; readonly byMs: number }
  /** Accepted and done, but nothing has changed. */
  | { readonly kind: 'unchanged' }
  /** The record is changed, but the list shows it only later. */
  | { readonly kind: 'indexLags'; readonly byMs: number };

/** Consecutive failures of reads, probes, watch rounds or checks of the waiting plan. */
export type ReadFault = {
  readonly kind: 'readFails' | 'probeFails' | 'watchFails' | 'checkFails';
  readonly count: number;
};

/** A fault and the request that it affects: the n-th of its kind in the whole run, from 0. */
export type Fault =
  | { readonly on: 'write'; readonly nth: number; readonly fault: WriteFault }
  | { readonly on: ReadKind; readonly nth: number; readonly fault: ReadFault };

export type ReadKind = 'read' | 'probe' | 'watch' | 'check';

/** Returns the faults of a scenario as their requests arrive. */
export class FaultSchedule {
  readonly #asked = { write: 0, read: 0, probe: 0, watch: 0, check: 0 };
  #isOver = false;
  #awayUntilMs = 0;

  /** @param onFault called for each request that met a fault */
  constructor(
    private readonly faults: readonly Fault[],
    private readonly onFault: (kind: string) => void,
  ) {}

  /** Ends all faults: from now on everything works. */
  end(): void {
    this.#isOver = true;
  }

  /** Makes everything unreachable until the given elapsed time, in ms. */
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

  fails(what: ReadKind): boolean {
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
