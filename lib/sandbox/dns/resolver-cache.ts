import type { Answer } from 'dns-packet';
import type { SandboxClock } from '../world/clock';

/** The cache entry of one name, type and line: records, or that there are none, with the SOA that says so. */
export type Cached = {
  readonly kind: 'records' | 'noData' | 'noName';
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
};

/**
 * The way in which a resolver keeps answers longer than their TTL allows: a multiple of it, or a minimum in seconds.
 */
export type IgnoredTtl = { readonly factor?: number | undefined; readonly seconds?: number | undefined };

type Entry = { readonly cached: Cached; readonly storedAt: number; readonly ttlS: number };

/** The most cached sets; the oldest are evicted first. */
const entriesMax = 10_000;

/**
 * The cache of a resolver: sets of records by key, each for its TTL, which counts down. It can be set to ignore TTLs,
 * as some resolvers do: that also applies to existing entries.
 */
export class ResolverCache {
  readonly #clock: Pick<SandboxClock, 'now'>;
  readonly #entries = new Map<string, Entry>();
  readonly #ignored: () => IgnoredTtl | null;
  readonly #onStale: (key: string) => void;

  /**
   * @param ignored whether TTLs are currently ignored, and how; null = they apply
   * @param onStale called for each set that is returned although its TTL has passed
   */
  constructor(
    clock: Pick<SandboxClock, 'now'>,
    ignored: () => IgnoredTtl | null = () => null,
    onStale: (key: string) => void = () => {},
  ) {
    this.#clock = clock;
    this.#ignored = ignored;
    this.#onStale = onStale;
  }

  /** Clears the cache. */
  flush(): void {
    this.#entries.clear();
  }

  /** @param ttlS how long the set may be kept, in s; 0 = not at all */
  put(key: string, cached: Cached, ttlS: number): void {
    if (this.#lifetimeS(ttlS) <= 0) return;
    this.#entries.delete(key);
    this.#entries.set(key, { cached, storedAt: this.#clock.now(), ttlS });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > entriesMax && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Returns the set with the rest of its time as TTL, in s, rounded up; null when it has expired. */
  get(key: string): Cached | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    const leftMs = entry.storedAt + this.#lifetimeS(entry.ttlS) * 1000 - this.#clock.now();
    if (leftMs <= 0) {
      this.#entries.delete(key);
      return null;
    }
    if (this.#clock.now() >= entry.storedAt + entry.ttlS * 1000) this.#onStale(key);
    const ttl = Math.ceil(leftMs / 1000);
    const aged = (answer: Answer): Answer => (answer.type === 'OPT' ? answer : { ...answer, ttl });
    const { kind, answers, authorities } = entry.cached;
    return { kind, answers: answers.map(aged), authorities: authorities.map(aged) };
  }

  #lifetimeS(ttlS: number): number {
    const { factor = 1, seconds = 0 } = this.#ignored() ?? {};
    return Math.max(ttlS * factor, seconds);
  }
}
