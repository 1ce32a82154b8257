/** One applied write. */
export type Effect = { readonly action: string; readonly object: string; readonly requestId: string };

/** Counts applied writes by action and object, so that a test can tell "once" from "twice". */
export class EffectLog {
  readonly #counts = new Map<string, number>();
  #effects: Effect[] = [];

  /** Counts one applied write under `<action> <object>`; `requestId` is that of the call. */
  count(action: string, object: string, requestId: string): void {
    this.#effects.push({ action, object, requestId });
    const key = `${action} ${object}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** Each of them, oldest first. */
  all(): readonly Effect[] {
    return this.#effects;
  }

  clear(): void {
    this.#effects = [];
    this.#counts.clear();
  }
}
