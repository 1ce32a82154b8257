import type { ForeignEditFault } from '@/lib/sandbox/world/fault-spec';
import type { Faults } from '@/lib/sandbox/world/faults';
import type { SandboxClock } from '../world/clock';
import type { TimedEvent, TimelineSource } from './timeline';

export type ForeignEditParts = {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  /**
   * Performs the call.
   * @returns '' if it was accepted, else the error's code
   */
  readonly make: (spec: ForeignEditFault, requestId: string) => Promise<string>;
  /** Returns until when the object of the call is busy, in epoch milliseconds; null = it is free. */
  readonly busyUntil: (spec: ForeignEditFault) => number | null;
  readonly newRequestId: () => string;
  /** Called when an edit has a new due time. */
  readonly arm: () => void;
};

type PendingEdit = {
  readonly id: string;
  readonly spec: ForeignEditFault;
  at: number | null;
  callsLeft: number;
};

/**
 * Pending edits of the account by other actors: at a time of the sandbox's clock, or after calls of an action. A busy
 * load balancer refuses them too: they wait until it is free.
 */
export class ForeignEdits implements TimelineSource {
  readonly #parts: ForeignEditParts;
  #pending: PendingEdit[] = [];

  constructor(parts: ForeignEditParts) {
    this.#parts = parts;
  }

  /** Adds an edit. @param id of the fault that injected it */
  add(id: string, spec: ForeignEditFault): void {
    const { at: when } = spec;
    const at =
      'instant' in when ? when.instant : 'afterMs' in when ? this.#parts.clock.now() + when.afterMs : null;
    const callsLeft = 'calls' in when ? when.calls : 0;
    this.#pending.push({ id, spec, at, callsLeft });
    this.#parts.arm();
  }

  remove(id: string): void {
    this.#pending = this.#pending.filter((each) => each.id !== id);
    this.#parts.arm();
  }

  /** Reports that a call of an action has been performed. Resolves when the edits that waited for it are done. */
  async callMade(action: string): Promise<void> {
    if (this.#pending.length === 0) return;
    const due: PendingEdit[] = [];
    for (const each of this.#pending) {
      const { at } = each.spec;
      if (each.at !== null || !('action' in at) || (at.action !== '*' && at.action !== action)) continue;
      each.callsLeft -= 1;
      if (each.callsLeft === 0) due.push(each);
    }
    for (const each of due) await this.#begin(each);
  }

  next(): number | null {
    const times = this.#pending.map((each) => each.at).filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  due(now: number): readonly TimedEvent[] {
    return this.#pending.flatMap((each) =>
      each.at === null || each.at > now ? [] : [{ at: each.at, fire: () => void this.#begin(each) }],
    );
  }

  /** Starts the call before this returns, or gives it a due time. */
  async #begin(edit: PendingEdit): Promise<void> {
    const { faults, make, busyUntil, newRequestId, arm } = this.#parts;
    edit.at = busyUntil(edit.spec);
    if (edit.at !== null) return arm();
    this.#pending = this.#pending.filter((each) => each !== edit);
    const requestId = newRequestId();
    const code = await make(edit.spec, requestId);
    faults.hit(edit.id, { action: edit.spec.call.action, requestId });
    faults.conclude(edit.id, code === '' ? 'accepted' : `refused: ${code}`);
  }
}
