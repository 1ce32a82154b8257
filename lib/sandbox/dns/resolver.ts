import type { Answer } from 'dns-packet';
import type { Logger } from 'pino';
import type { Assumptions } from '../world/assumptions';
import type { SandboxClock } from '../world/clock';
import type { World } from '../world/world';
import { answer, createShares, type DnsQuestion, type NameServerReply, RCODE, type Shares } from './answer';
import { type DnsListener, listenDns, respondSafely } from './listen-dns';
import { encodeResponse, failure, lineOfClient, parseQuery } from './message';
import { canonicalName } from './zones';

/** The cache entry of one name, type and line: records, or a negative answer with its SOA. */
type Cached = {
  readonly kind: 'records' | 'noData' | 'noName';
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
};

/** The way in which a resolver caches answers beyond their TTL: a multiple of it, or a minimum in seconds. */
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

  /** @param ttlS the cache time of the set, in s; 0 = not cached */
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

export type ResolverOptions = {
  readonly world: () => World;
  readonly assumptions: Pick<Assumptions, 'get'>;
  readonly cache: ResolverCache;
  /** The port for UDP and TCP; 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
  /** Numbers in [0, 1) for the order, and for the start of the weight rotation. */
  readonly random?: () => number;
};

const chainMax = 8;

/**
 * Starts a resolver on 127.0.0.1 that queries the sandbox's name server and caches the answers for their TTL, as
 * clients see it while a change of records propagates. It caches the record that the server picked by weight, so all
 * its clients get the same value until the TTL ends. It resolves only the sandbox's names and refuses others. Its cache
 * is cleared when the sandbox data is replaced.
 */
export function startResolver(options: ResolverOptions): Promise<DnsListener> {
  const { world, cache, port, log, random = Math.random } = options;
  const shares = createShares(random);
  let asked = world();
  const respond = respondSafely(log, (message, transport) => {
    const parsed = parseQuery(message);
    if (parsed.kind === 'drop') return null;
    if (parsed.kind === 'refuse') return parsed.message;
    if (world() !== asked) cache.flush();
    asked = world();
    const { query } = parsed;
    const { lineId, scopeBits } = lineOfClient(query.edns?.subnet ?? null);
    const reply = resolve(query.question, {
      ...options,
      random,
      shares,
      lineId,
      mayQuery: query.recursionDesired,
    });
    return encodeResponse(query, reply, { recursionAvailable: true, scopeBits, transport });
  });
  return listenDns(port, respond, log);
}

type Resolving = Required<Omit<ResolverOptions, 'port' | 'log'>> & {
  readonly shares: Shares;
  readonly lineId: string;
  /** False: only from the cache, as a query without RD requests. */
  readonly mayQuery: boolean;
};

/** Follows a name link by link, each from the cache or the name server. */
function resolve(question: DnsQuestion, resolving: Resolving): NameServerReply {
  if ((question.class ?? 'IN') !== 'IN') return failure(RCODE.refused);
  const chain: Answer[] = [];
  let { name } = question;
  for (let links = 0; links < chainMax; links += 1) {
    const found = lookUp({ ...question, name }, resolving);
    // The rest of a chain that leaves the sandbox can't be resolved here.
    if (found === null) return failure(chain.length === 0 ? RCODE.refused : RCODE.serverFailure);
    chain.push(...found.answers);
    const [target] = found.answers.flatMap((each) => (each.type === 'CNAME' ? [each.data] : []));
    if (target === undefined || question.type === 'CNAME') {
      const rcode = found.kind === 'noName' ? RCODE.nameError : RCODE.noError;
      return { rcode, authoritative: false, answers: chain, authorities: found.authorities };
    }
    name = target;
  }
  return failure(RCODE.serverFailure);
}

/** Returns the cache keys of a name: its non-existence applies to every type. */
function cacheKeys(name: string, lineId: string) {
  const of = (type: string) => `${lineId} ${type} ${canonicalName(name)}`;
  return { of, noName: of('*') };
}

function remembered({ name, type }: DnsQuestion, { cache, lineId }: Resolving): Cached | null {
  const keys = cacheKeys(name, lineId);
  const own = cache.get(keys.of(type));
  if (own !== null) return own;
  const alias = cache.get(keys.of('CNAME'));
  return alias?.kind === 'records' ? alias : cache.get(keys.noName);
}

function lookUp(question: DnsQuestion, resolving: Resolving): Cached | null {
  const { cache, lineId, mayQuery } = resolving;
  const kept = remembered(question, resolving);
  if (kept !== null) return named(kept, question);
  const asked = mayQuery ? ask(question, resolving) : null;
  if (asked === null) return null;
  const keys = cacheKeys(question.name, lineId);
  const type = asked.answers[0]?.type ?? question.type;
  const key = asked.kind === 'noName' ? keys.noName : keys.of(type);
  cache.put(key, asked, remainingTtl(asked));
  // With the TTL from the cache: an answer that must not be cached has its own.
  return cache.get(key) ?? asked;
}

/** Returns the records under the name as this question spells it. */
function named(cached: Cached, question: DnsQuestion): Cached {
  return { ...cached, answers: cached.answers.map((each) => ({ ...each, name: question.name })) };
}

/** Returns the name server's first link; null if it has no answer, or only a referral. */
function ask(
  question: DnsQuestion,
  { world, assumptions, random, shares, lineId }: Resolving,
): Cached | null {
  const mixedWeights = assumptions.get('dns.mixedWeights');
  const reply = answer(world(), question, { lineId, random, shares, mixedWeights });
  if (reply.rcode !== RCODE.noError && reply.rcode !== RCODE.nameError) return null;
  const owner = canonicalName(question.name);
  const answers = reply.answers.filter((each) => canonicalName(each.name) === owner);
  if (answers.length > 0) return { kind: 'records', answers, authorities: [] };
  const authorities = reply.authorities.filter((each) => each.type === 'SOA');
  if (authorities.length === 0) return null;
  return { kind: reply.rcode === RCODE.nameError ? 'noName' : 'noData', answers: [], authorities };
}

/**
 * Returns how long a set may be cached, in s: its lowest TTL; for a negative answer, the time in the SOA (RFC 2308 §5).
 */
function remainingTtl(cached: Cached): number {
  const ttls = [...cached.answers, ...cached.authorities].map((each) => {
    const ttl = each.type === 'OPT' ? 0 : (each.ttl ?? 0);
    return each.type === 'SOA' ? Math.min(ttl, each.data.minimum ?? ttl) : ttl;
  });
  return Math.min(...ttls);
}
