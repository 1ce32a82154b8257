/** Counts applied writes by action and object, so that a test can tell "once" from "twice". */
export class EffectLog {
  readonly #counts = new Map<string, number>();

  /** Counts one applied write under `<action> <object>`. */
  count(action: string, object: string): void {
    const key = `${action} ${object}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  clear(): void {
    this.#counts.clear();
  }
}
