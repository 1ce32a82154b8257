import type { Answer } from 'dns-packet';
import type { SandboxClock } from '../clock';

/** What a resolver keeps of one name, type and line: records, or that there are none, with the SOA that says so. */
export type Cached = {
  readonly kind: 'records' | 'noData' | 'noName';
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
};

/** How a resolver keeps answers longer than their TTL allows: so many times it, or at least so many seconds. */
export type IgnoredTtl = { readonly factor?: number | undefined; readonly seconds?: number | undefined };

type Entry = { readonly cached: Cached; readonly storedAt: number; readonly ttlS: number };

/** Most sets that are kept; the oldest go first. */
const entriesMax = 10_000;

/**
 * The memory of a resolver: sets of records by key, each for its TTL, which counts down. It can be told to ignore TTLs,
 * as some resolvers do: that holds for what it has already, too.
 */
export class ResolverCache {
  readonly #clock: Pick<SandboxClock, 'now'>;
  readonly #entries = new Map<string, Entry>();
  readonly #ignored: () => IgnoredTtl | null;
  readonly #onStale: (key: string) => void;

  /**
   * @param ignored whether TTLs are ignored just now, and how; null = they hold
   * @param onStale hears of each set that is given although its TTL has passed
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

  /** Forgets everything. */
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

  /** The set with what is left of its time as TTL, in s, rounded up; null when it is not there any more. */
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
