const kept = 50_000;

/** Counts applied writes by action and object, to detect duplicates, and by request, to identify the call. */
export class EffectLog {
  readonly #byObject = new Map<string, number>();
  readonly #byRequest = new Map<string, number>();

  /** Counts one applied write under `<action> <object>`; `requestId` is that of the call. */
  count(action: string, object: string, requestId: string): void {
    increment(this.#byObject, `${action} ${object}`);
    increment(this.#byRequest, requestId);
  }

  /** Returns the counts by `<action> <object>`. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#byObject);
  }

  /** Returns how many objects each request changed. */
  requests(): Record<string, number> {
    return Object.fromEntries(this.#byRequest);
  }

  clear(): void {
    this.#byObject.clear();
    this.#byRequest.clear();
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (counts.size <= kept) return;
  const [oldest] = counts.keys();
  if (oldest !== undefined) counts.delete(oldest);
}
