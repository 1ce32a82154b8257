import { ask, plainName } from '@/lib/cloud/probe/resolver';
import type { Endpoint } from '@/lib/estate/address';

/** The addresses that a client has of a name. Instants are epoch ms of the rehearsal's clock. */
export type HeldAnswer = {
  /** Empty = the name has none. */
  readonly addresses: readonly string[];
  /** The records of the name itself: addresses, or the name that it points to. */
  readonly values: readonly string[];
  readonly answeredAtMs: number;
  readonly untilMs: number;
};

/** Failed questions are asked again after this time of the rehearsal, in seconds: RFC 2308 §7 allows up to 300. */
const failedS = 5;

/** The counts of the look-ups of a rehearsal, over all clients. */
export type LookUpCounts = { sent: number; fromCache: number; failed: number };

export type AnswerCacheParts = {
  /** The private name server. */
  readonly server: Endpoint;
  readonly nowMs: () => number;
  readonly counts: LookUpCounts;
  /** True while this client's resolver is silent. */
  readonly isSilent: () => boolean;
};

/** The DNS cache of one client: real questions over UDP, and answers that are kept for their TTL. */
export class AnswerCache {
  readonly #parts: AnswerCacheParts;
  readonly #known = new Map<string, HeldAnswer>();
  readonly #asking = new Map<string, Promise<HeldAnswer>>();

  constructor(parts: AnswerCacheParts) {
    this.#parts = parts;
  }

  /** Returns the answer that a client uses now. Questions for one name at once are asked once. */
  async resolve(name: string): Promise<HeldAnswer> {
    const known = this.known(name);
    if (known !== null) {
      this.#parts.counts.fromCache += 1;
      return known;
    }
    const asking = this.#asking.get(name) ?? this.#ask(name);
    this.#asking.set(name, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(name);
    }
  }

  /** Returns the answer in the cache; null = none, or it has expired. */
  known(name: string): HeldAnswer | null {
    const known = this.#known.get(name);
    return known !== undefined && known.untilMs > this.#parts.nowMs() ? known : null;
  }

  async #ask(name: string): Promise<HeldAnswer> {
    const { server, nowMs, counts, isSilent } = this.#parts;
    const keep = (
      addresses: readonly string[],
      askedAtMs: number,
      seconds: number,
      values: readonly string[] = [],
    ) => {
      // From the question on: an answer may be older than its arrival, never newer.
      const answer = { addresses, values, answeredAtMs: askedAtMs, untilMs: askedAtMs + seconds * 1000 };
      this.#known.set(name, answer);
      return answer;
    };
    const askedAtMs = nowMs();
    counts.sent += 1;
    if (isSilent()) {
      counts.failed += 1;
      return keep([], askedAtMs, failedS);
    }
    try {
      const { answers } = await ask(server, name, 'A');
      const addresses = answers.filter(({ type }) => type === 'A').map(({ data }) => data);
      if (addresses.length === 0) return keep([], askedAtMs, failedS);
      const ttlS = Math.min(...answers.map(({ ttl }) => ttl ?? 0));
      const own = answers.filter((answer) => plainName(answer.name) === plainName(name));
      return keep(
        addresses,
        askedAtMs,
        ttlS,
        own.map(({ data }) => data),
      );
    } catch {
      // The request fails for it: `noAddress`, which the report counts.
      counts.failed += 1;
      return keep([], askedAtMs, failedS);
    }
  }
}
