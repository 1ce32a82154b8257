/**
 * What can be made to go wrong with the next calls of an action:
 * - `throttle`: refused with RequestLimitExceeded, nothing happens;
 * - `taskFails`: accepted, but its task ends failed and changes nothing (load balancer writes only);
 * - `replyLost`: it takes effect, and the connection breaks before the answer.
 */
export const faultKinds = ['throttle', 'taskFails', 'replyLost'] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Fault = { readonly action: string; readonly kind: FaultKind; readonly message: string };

/** The faults that are still to come, oldest first. */
export class Faults {
  #pending: Fault[] = [];

  add(fault: Fault, count: number): void {
    for (let i = 0; i < count; i += 1) this.#pending.push(fault);
  }

  /** Uses up the next fault of this kind for the action, if one was ordered. */
  take(action: string, kind: FaultKind): Fault | null {
    const index = this.#pending.findIndex((fault) => fault.action === action && fault.kind === kind);
    return this.#pending.splice(index, index < 0 ? 0 : 1)[0] ?? null;
  }

  clear(): void {
    this.#pending = [];
  }
}
