import { isIPv4 } from 'node:net';
import type { RuleMemory } from '@/lib/sandbox/data-plane/http/served-rule';
import { readSite, type Site, servedSites } from '@/lib/sandbox/data-plane/http/site';
import { answer, RCODE } from '@/lib/sandbox/dns/answer';
import { resolveQualifier } from '@/lib/sandbox/functions/resolve-function';
import { defaultLineId } from '@/lib/sandbox/model/dns/lines';
import type { Assumptions } from '@/lib/sandbox/world/assumptions';
import type { WorldRule } from '@/lib/sandbox/world/clb';
import type { WorldFunction } from '@/lib/sandbox/world/scf';
import type { AccountWorld, World } from '@/lib/sandbox/world/world';

/** The reason why a request reaches no backend. */
export type Unserved =
  /** The name has no address. */
  | 'noAddress'
  /** Nothing listens at the address. */
  | 'noListener'
  /** No rule of the listener takes the request: 404. */
  | 'noRule'
  /** The rule has neither a function nor a server that may get requests: 503. */
  | 'noBackend'
  /** The rule sends the client elsewhere. */
  | 'redirected'
  /** The function, or the version that the rule names, does not exist. */
  | 'noFunction';

/** The backend of a request. */
export type Destination = { readonly ruleKey: string } & (
  | {
      readonly kind: 'function';
      /** `region/namespace/name` */
      readonly key: string;
      readonly account: AccountWorld;
      readonly fn: WorldFunction;
      readonly version: string;
    }
  | {
      readonly kind: 'servers';
      readonly account: AccountWorld;
      /** Servers that get requests, with their shares, which add up to 1. */
      readonly targets: readonly { readonly instanceId: string; readonly share: number }[];
    }
  | { readonly kind: 'unserved'; readonly why: Unserved }
);

/** The addresses that a name resolves to, and the lowest TTL on the way, in seconds. */
export type Resolved = { readonly addresses: readonly string[]; readonly ttlS: number };

/** Weights of records are whole numbers up to 100: more steps of a draw would make no difference that lasts. */
const drawSteps = 1000;

/** The key of a rule in the figures of a rehearsal. */
export function ruleKeyOf(uin: string, loadBalancerId: string, ruleId: string): string {
  return `${uin}/${loadBalancerId}/${ruleId}`;
}

/**
 * Finds where requests go in the sandbox data as it is now: by the sandbox's own name server, listeners and rules.
 * Answers are kept until the data changes, because millions of requests ask the same.
 */
export class ServedRoutes {
  readonly #world: () => World;
  readonly #assumptions: Pick<Assumptions, 'get'>;
  readonly #memories = new Map<string, RuleMemory>();
  #version = 0;
  #resolved = new Map<string, Resolved | null>();
  #sites: Map<string, Site> | null = null;
  #found = new Map<string, FoundRule>();

  /** @param onChange calls the listener after each change of the sandbox data */
  constructor(
    world: () => World,
    assumptions: Pick<Assumptions, 'get'>,
    onChange: (listener: () => void) => void,
  ) {
    this.#world = world;
    this.#assumptions = assumptions;
    onChange(() => {
      this.#version += 1;
      this.#resolved = new Map();
      this.#sites = null;
      this.#found = new Map();
    });
  }

  /** Counts the changes of the sandbox data. */
  get version(): number {
    return this.#version;
  }

  /**
   * Asks the name server for the addresses of a name.
   * @param draw from 0 up to 1: which of several weighted records is the answer
   * @returns null if the name has none
   */
  resolve(name: string, draw: number): Resolved | null {
    const step = Math.floor(draw * drawSteps);
    const key = `${step} ${name}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const made = this.#ask(name, (step + 0.5) / drawSteps);
    this.#resolved.set(key, made);
    return made;
  }

  /** Returns what the name server answers for one type: addresses, or the name that an alias points to. */
  values(name: string, type: 'A' | 'AAAA' | 'CNAME'): readonly string[] {
    const reply = answer(this.#world(), { name, type }, this.#rules(0.5));
    return reply.answers.flatMap((each) =>
      each.type === type && typeof each.data === 'string' ? [each.data] : [],
    );
  }

  #rules(draw: number) {
    const mixedWeights = this.#assumptions.get('dns.mixedWeights');
    return { lineId: defaultLineId, random: () => 0, shares: () => draw, mixedWeights };
  }

  #ask(name: string, draw: number): Resolved | null {
    for (const type of ['A', 'AAAA']) {
      const reply = answer(this.#world(), { name, type }, this.#rules(draw));
      if (reply.rcode !== RCODE.noError) continue;
      const addresses = reply.answers.flatMap((each) =>
        each.type === 'A' || each.type === 'AAAA' ? [each.data] : [],
      );
      const ttls = reply.answers.flatMap((each) =>
        'ttl' in each && each.ttl !== undefined ? [each.ttl] : [],
      );
      if (addresses.length > 0) return { addresses, ttlS: Math.min(...ttls) };
    }
    return null;
  }

  /**
   * Returns the backend that a request is served by now.
   * @param nowMs epoch ms, for health checks
   */
  find(address: string, port: number, host: string, target: string, nowMs: number): Destination {
    const key = `${address} ${port} ${host} ${target}`;
    const known = this.#found.get(key);
    const found = known ?? this.#match(address, port, host, target);
    if (known === undefined) this.#found.set(key, found);
    if (!('site' in found)) return found;
    return toServers(found, nowMs);
  }

  #match(address: string, port: number, host: string, target: string): FoundRule {
    const site = this.#siteAt(address, port);
    if (site === undefined) return unserved('noListener', '');
    const match = site.match(host, target);
    if (match.kind === 'none') return unserved('noRule', '');
    const { uin, loadBalancerId } = site.key;
    if (match.kind === 'addSlash') return unserved('redirected', '');
    const { rule } = match;
    const ruleKey = ruleKeyOf(uin, loadBalancerId, rule.id);
    if (rule.redirectTo !== null) return unserved('redirected', ruleKey);
    const [bound] = rule.functions;
    if (bound === undefined) return { site, rule, ruleKey };
    const { region } = site.loadBalancer;
    const name = `${region}/${bound.namespace}/${bound.name}`;
    const fn = site.account.functions[name];
    const version = fn === undefined ? null : resolveQualifier(fn, bound.qualifier, 0.5);
    if (fn === undefined || version === null) return unserved('noFunction', ruleKey);
    return { kind: 'function', ruleKey, key: name, account: site.account, fn, version };
  }

  #siteAt(address: string, port: number): Site | undefined {
    this.#sites ??= this.#readSites();
    return this.#sites.get(`${address} ${port}`);
  }

  #readSites(): Map<string, Site> {
    const world = this.#world();
    const sites = new Map<string, Site>();
    const memoryOf = (name: string): RuleMemory => {
      const known = this.#memories.get(name) ?? { credits: new Map(), underway: new Map() };
      this.#memories.set(name, known);
      return known;
    };
    // All addresses of a snapshot: nothing is opened here.
    for (const key of servedSites(world, '0.0.0.0/0')) {
      const site = readSite(world, key, memoryOf);
      if (site === null) continue;
      const { ipv6 } = site.loadBalancer;
      for (const address of [key.vip, ipv6].filter((each) => each !== null))
        if (isIPv4(address) || address === ipv6) sites.set(`${address} ${key.port}`, site);
    }
    return sites;
  }
}

type ServerRule = { readonly site: Site; readonly rule: WorldRule; readonly ruleKey: string };
type FoundRule = ServerRule | Exclude<Destination, { kind: 'servers' }>;

function unserved(why: Unserved, ruleKey: string): Exclude<Destination, { kind: 'servers' | 'function' }> {
  return { kind: 'unserved', why, ruleKey };
}

function toServers({ site, rule, ruleKey }: ServerRule, nowMs: number): Destination {
  const targets = site.served(rule).targets(nowMs);
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return unserved('noBackend', ruleKey);
  const shares = targets.map(({ instanceId, weight }) => ({ instanceId, share: weight / total }));
  return { kind: 'servers', ruleKey, account: site.account, targets: shares };
}
