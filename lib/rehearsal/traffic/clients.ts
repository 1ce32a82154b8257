import type { Population } from '@/lib/rehearsal/input';
import type { SeededRandom } from '@/lib/rehearsal/seeded-random';
import type { Resolved } from './served-routes';

/** Asks the name server: null = it has no address. */
export type Resolve = (host: string, draw: number) => Resolved | null;

/** Returns the key of a set of addresses, whatever their order. */
export function addressKey(addresses: readonly string[]): string {
  return addresses.toSorted().join(' ');
}

/** Sets of addresses that DNS answers consist of, each once. */
class AddressSets {
  readonly #ids = new Map<string, number>();
  /** Name servers give the same answer many times. */
  readonly #known = new WeakMap<Resolved, number>();
  readonly sets: { readonly key: string; readonly addresses: readonly string[] }[] = [];

  getId(resolved: Resolved): number {
    const known = this.#known.get(resolved);
    if (known !== undefined) return known;
    const key = addressKey(resolved.addresses);
    const id = this.#ids.get(key) ?? this.sets.push({ key, addresses: resolved.addresses.toSorted() }) - 1;
    this.#ids.set(key, id);
    this.#known.set(resolved, id);
    return id;
  }
}

/** The weights of a host's groups by their addresses. A host has few sets of them: a search is faster than a map. */
class SetSums {
  readonly sets: number[];
  readonly weights: number[];

  constructor(from?: SetSums) {
    this.sets = from?.sets.slice() ?? [];
    this.weights = from?.weights.slice() ?? [];
  }

  add(set: number, weight: number): void {
    const place = this.sets.indexOf(set);
    if (place < 0) {
      this.sets.push(set);
      this.weights.push(weight);
    } else this.weights[place] = (this.weights[place] ?? 0) + weight;
  }
}

/** The share of a host's requests that goes to each of its addresses; `addresses` is null for those without any. */
export type AddressShare = {
  readonly addresses: readonly string[] | null;
  /** The key of the addresses; '' for those without any. */
  readonly key: string;
  readonly share: number;
};

/** The records of a host in a resolver's answer, and the time for which it repeats them, in seconds. */
export type CachedAnswer = { readonly values: readonly string[]; readonly ttlS: number };

/** Groups of clients that keep answers beyond their TTL ask at different times. */
const overstayGroups = 4;

/** A client whose resolver does not answer asks again after this time, in ms: the usual timeout of a stub resolver. */
const unresolvedMs = 5000;

const none = -1;

/** Smaller shares are left by rounding. */
const negligible = 1e-12;

/**
 * The clients of the hosts of a rehearsal, as groups with a weight instead of single ones: those of one resolver that
 * keep answers alike. ClientGroups behind one resolver share its cache: its answer and the rest of its TTL. A client whose
 * address changes keeps its open connections to the old one for a while.
 */
export class ClientGroups {
  readonly #hosts: readonly string[];
  readonly #population: Population;
  readonly #resolve: Resolve;
  readonly #random: SeededRandom;
  readonly #sets = new AddressSets();
  /** The weights of one host's groups, which add up to 1. */
  readonly #weights: Float64Array;
  readonly #resolverIndex: Int32Array;
  readonly #overstays: Uint8Array;
  /** By host, then by group. In ms. */
  readonly #expires: Float64Array;
  readonly #set: Int32Array;
  readonly #keptSet: Int32Array;
  readonly #keptUntil: Float64Array;
  /** By host, then by resolver. */
  readonly #cachedSet: Int32Array;
  readonly #cachedUntil: Float64Array;
  readonly #cached: (Resolved | null)[] = [];
  /** The first end of an answer that its groups have. */
  readonly #nextExpiry: Float64Array;
  /** By host: the weights of its addresses, without open connections to others; groups that have such. */
  readonly #sums: readonly SetSums[];
  readonly #kept: (Set<number> | undefined)[];
  /** By host; undefined = has to be added up again. */
  readonly #lastShares: (readonly AddressShare[] | undefined)[];
  /** Resolvers that don't answer. */
  readonly #silent = new Set<number>();

  /** @param nowMs from when on they send requests: each has an answer of before, which ends within its TTL */
  constructor(
    hosts: readonly string[],
    population: Population,
    resolve: Resolve,
    random: SeededRandom,
    nowMs: number,
  ) {
    this.#hosts = hosts;
    this.#population = population;
    this.#resolve = resolve;
    this.#random = random;
    const groups = listGroups(population);
    this.#weights = Float64Array.from(groups, ({ weight }) => weight);
    this.#resolverIndex = Int32Array.from(groups, ({ resolver }) => resolver);
    this.#overstays = Uint8Array.from(groups, ({ overstays }) => (overstays ? 1 : 0));
    const count = hosts.length * groups.length;
    this.#expires = new Float64Array(count);
    this.#set = new Int32Array(count).fill(none);
    this.#keptSet = new Int32Array(count).fill(none);
    this.#keptUntil = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#cachedSet = new Int32Array(hosts.length * population.resolvers).fill(none);
    this.#cachedUntil = new Float64Array(hosts.length * population.resolvers).fill(Number.NEGATIVE_INFINITY);
    this.#sums = hosts.map(() => new SetSums());
    this.#kept = hosts.map(() => undefined);
    this.#nextExpiry = new Float64Array(hosts.length * population.resolvers);
    this.#lastShares = hosts.map(() => undefined);
    this.#fill(nowMs);
  }

  /** The number of groups, over all hosts. */
  get size(): number {
    return this.#expires.length;
  }

  /** Gives every cache an answer that has been there for a random part of its time. */
  #fill(nowMs: number): void {
    const groups = this.#weights.length;
    for (const [index, host] of this.#hosts.entries()) {
      for (let resolver = 0; resolver < this.#population.resolvers; resolver += 1) {
        const place = index * this.#population.resolvers + resolver;
        const found = this.#resolve(host, this.#random.next());
        this.#cachedSet[place] = found === null ? none : this.#sets.getId(found);
        this.#cached[place] = found;
        this.#cachedUntil[place] = nowMs + this.#random.next() * (found?.ttlS ?? 0) * 1000;
      }
      for (let group = 0; group < groups; group += 1) {
        const place = index * groups + group;
        const cached = index * this.#population.resolvers + (this.#resolverIndex[group] ?? 0);
        this.#set[place] = this.#cachedSet[cached] ?? none;
        const sums = this.#sums[index];
        sums?.add(this.#set[place] ?? none, this.#weights[group] ?? 0);
        const lastsMs = this.#overstays[group] === 1 ? this.#population.overstay.seconds * 1000 : 0;
        const restMs = (this.#cachedUntil[cached] ?? nowMs) - nowMs;
        this.#expires[place] = nowMs + Math.max(restMs, lastsMs * this.#random.next());
      }
    }
  }

  /** Lets resolvers fail, the largest first, until those that fail have this share of all clients; 0 ends it. */
  silence(share: number): void {
    this.#silent.clear();
    let sum = 0;
    for (let resolver = 0; resolver < this.#population.resolvers && sum < share; resolver += 1) {
      this.#silent.add(resolver);
      for (const [group, weight] of this.#weights.entries())
        if (this.#resolverIndex[group] === resolver) sum += weight;
    }
  }

  /** Returns whether a resolver does not answer now. */
  isSilent(resolver: number): boolean {
    return this.#silent.has(resolver);
  }

  /**
   * Asks a resolver, the largest first, for a host: it repeats what it has cached, or asks the name server. The cache that
   * its clients share does not change.
   * @param draw from 0 up to 1: which of several weighted records is a new answer
   * @returns null if it does not answer, or the host has no address
   */
  askResolver(resolver: number, hostIndex: number, nowMs: number, draw: number): CachedAnswer | null {
    if (this.#silent.has(resolver)) return null;
    const place = hostIndex * this.#population.resolvers + resolver;
    const leftMs = (this.#cachedUntil[place] ?? 0) - nowMs;
    const cached = this.#cached[place] ?? null;
    if (leftMs > 0) return cached === null ? null : { values: cached.values, ttlS: leftMs / 1000 };
    const fresh = this.#resolve(this.#hosts[hostIndex] ?? '', draw);
    return fresh === null ? null : { values: fresh.values, ttlS: fresh.ttlS };
  }

  /**
   * Returns where the requests of a host go now, and moves clients on whose answers have ended. The result is the same
   * object as before if nothing has changed.
   * @param nowMs never decreases from call to call
   */
  shares(hostIndex: number, nowMs: number): readonly AddressShare[] {
    const { resolvers } = this.#population;
    const first = hostIndex * this.#weights.length;
    for (let resolver = 0; resolver < resolvers; resolver += 1)
      if ((this.#nextExpiry[hostIndex * resolvers + resolver] ?? 0) <= nowMs)
        this.#moveOn(hostIndex, resolver, nowMs);
    const known = this.#lastShares[hostIndex];
    const kept = this.#kept[hostIndex];
    if (known !== undefined && kept === undefined) return known;
    const sums = new SetSums(this.#sums[hostIndex]);
    for (const group of kept ?? []) this.#moveKept(sums, first + group, group, nowMs);
    if (kept?.size === 0) this.#kept[hostIndex] = undefined;
    const shares = sums.sets.flatMap((set, place): AddressShare | readonly [] => {
      const share = sums.weights[place] ?? 0;
      const found = this.#sets.sets[set];
      return share > negligible ? { addresses: found?.addresses ?? null, key: found?.key ?? '', share } : [];
    });
    this.#lastShares[hostIndex] = this.#kept[hostIndex] === undefined ? shares : undefined;
    return shares;
  }

  /** Looks names up again for the groups of a resolver whose answers have ended. */
  #moveOn(hostIndex: number, resolver: number, nowMs: number): void {
    const groups = this.#weights.length;
    const { resolvers } = this.#population;
    // The groups of a resolver are next to each other, and each resolver has as many.
    const perResolver = groups / resolvers;
    let next = Number.POSITIVE_INFINITY;
    for (let group = resolver * perResolver; group < (resolver + 1) * perResolver; group += 1) {
      const place = hostIndex * groups + group;
      if ((this.#expires[place] ?? 0) <= nowMs) this.#lookUp(hostIndex, group, nowMs);
      next = Math.min(next, this.#expires[place] ?? next);
    }
    this.#nextExpiry[hostIndex * resolvers + resolver] = next;
  }

  /** Moves the requests on a group's open connections back to its old addresses. */
  #moveKept(sums: SetSums, place: number, group: number, nowMs: number): void {
    const { keepAlive } = this.#population;
    const leftMs = (this.#keptUntil[place] ?? 0) - nowMs;
    if (leftMs <= 0) {
      this.#kept[Math.floor(place / this.#weights.length)]?.delete(group);
      return;
    }
    // Connections were opened at any time before: each second as many of them end.
    const share = (this.#weights[group] ?? 0) * keepAlive.share * (leftMs / (keepAlive.seconds * 1000));
    sums.add(this.#keptSet[place] ?? none, share);
    sums.add(this.#set[place] ?? none, -share);
  }

  #lookUp(hostIndex: number, group: number, nowMs: number): void {
    const place = hostIndex * this.#weights.length + group;
    const resolver = this.#resolverIndex[group] ?? 0;
    const cached = hostIndex * this.#population.resolvers + resolver;
    if ((this.#cachedUntil[cached] ?? 0) <= nowMs) {
      const isSilent = this.#silent.has(resolver);
      const found = isSilent ? null : this.#resolve(this.#hosts[hostIndex] ?? '', this.#random.next());
      this.#cachedSet[cached] = found === null ? none : this.#sets.getId(found);
      this.#cached[cached] = found;
      this.#cachedUntil[cached] = nowMs + (found === null ? unresolvedMs : found.ttlS * 1000);
    }
    const before = this.#set[place] ?? none;
    const now = this.#cachedSet[cached] ?? none;
    const restMs = (this.#cachedUntil[cached] ?? nowMs) - nowMs;
    const lastsMs =
      this.#overstays[group] === 1 && now !== none ? this.#population.overstay.seconds * 1000 : 0;
    this.#expires[place] = nowMs + Math.max(restMs, lastsMs);
    if (now === before) return;
    this.#set[place] = now;
    const sums = this.#sums[hostIndex];
    const weight = this.#weights[group] ?? 0;
    sums?.add(before, -weight);
    sums?.add(now, weight);
    this.#lastShares[hostIndex] = undefined;
    if (before === none || this.#population.keepAlive.seconds === 0) return;
    const kept = this.#kept[hostIndex] ?? new Set<number>();
    this.#kept[hostIndex] = kept.add(group);
    this.#keptSet[place] = before;
    this.#keptUntil[place] = nowMs + this.#population.keepAlive.seconds * 1000;
  }
}

type Group = { readonly resolver: number; readonly weight: number; readonly overstays: boolean };

function listGroups({ resolvers, zipf, overstay }: Population): readonly Group[] {
  const sizes = Array.from({ length: resolvers }, (_, index) => 1 / (index + 1) ** zipf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.flatMap((size, resolver): readonly Group[] => {
    const weight = size / total;
    const late = Array.from({ length: overstay.share === 0 ? 0 : overstayGroups }, () => ({
      resolver,
      weight: (weight * overstay.share) / overstayGroups,
      overstays: true,
    }));
    return [{ resolver, weight: weight * (1 - overstay.share), overstays: false }, ...late];
  });
}
