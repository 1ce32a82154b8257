import { isIPv4 } from 'node:net';
import { siteAnswering } from '@/lib/estate/match-rule';
import type { RuleMemory } from '@/lib/sandbox/data-plane/http/served-rule';
import { readSite, type Site, servedSites } from '@/lib/sandbox/data-plane/http/site';
import { answer, RCODE } from '@/lib/sandbox/dns/answer';
import { resolveQualifier } from '@/lib/sandbox/functions/resolve-function';
import { backendsOfRule } from '@/lib/sandbox/model/clb/rule-backends';
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
  /** The listener has no rule for the name, so that its default domain answers with another site. */
  | 'wrongSite'
  /** The rule has neither a function nor a server that may get requests: 503. */
  | 'noBackend'
  /** The rule sends the client elsewhere. */
  | 'redirected'
  /** The function, or the version that the rule names, does not exist. */
  | 'noFunction';

/** The backend of a request. */
export type Destination = {
  readonly ruleKey: string;
  /** `uin/loadBalancerId`; '' = no load balancer takes the request. */
  readonly balancerKey: string;
} & (
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
export type Resolved = {
  readonly addresses: readonly string[];
  readonly ttlS: number;
  /** The records of the name itself: addresses, or the name that it points to. */
  readonly values: readonly string[];
};

/** The answers to a name, with the share of each. */
export type AnswerShare = { readonly answer: Resolved | null; readonly share: number };

/** Weights of records are whole numbers up to 100: more steps of a draw would make no difference that lasts. */
const drawSteps = 1000;
/** A name whose answers to these draws are the same has one answer. */
const trialDraws = [0.0005, 0.25, 0.75, 0.9995];

/** The known answers to a name: one, or by step of the draw. */
type Answers = { readonly only: Resolved | null } | { readonly bySteps: (Resolved | null | undefined)[] };

/** Returns whether a rule that takes the requests of a host belongs to another site. */
function isOtherSite({ listener }: Site, taken: WorldRule, host: string): boolean {
  const named = listener.rules.map(({ domain, furtherDomains }) => ({
    domains: [domain, ...furtherDomains],
  }));
  const site = siteAnswering(named, host);
  // The sandbox has run the expressions: another rule took the request because none matched.
  return site === 'other' || (site === 'expression' && !taken.domain.startsWith('~'));
}

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
  #routingVersion = 0;
  #answers = new Map<string, Answers>();
  #dnsMark = '';
  /** True if the sandbox data has changed since the mark was made. */
  #mayDnsDiffer = true;
  #sites: Map<string, Site> | null = null;
  #found = new Map<string, FoundRule>();
  readonly #steady = new WeakSet<Destination>();

  /** @param onChange calls the listener after each change of the sandbox data */
  constructor(
    world: () => World,
    assumptions: Pick<Assumptions, 'get'>,
    onChange: (listener: (service?: string) => void) => void,
  ) {
    this.#world = world;
    this.#assumptions = assumptions;
    onChange((service) => {
      this.#version += 1;
      this.#mayDnsDiffer = true;
      if (service === 'dnspod') return;
      this.#routingVersion += 1;
      this.#sites = null;
      this.#found = new Map();
    });
  }

  /** Counts the changes of the sandbox data. */
  get version(): number {
    return this.#version;
  }

  /** Counts those of them that may change what `find` returns: all but those of zones. */
  get routingVersion(): number {
    return this.#routingVersion;
  }

  /**
   * Asks the name server for the addresses of a name.
   * @param draw from 0 up to 1: which of several weighted records is the answer
   * @returns null if the name has none
   */
  resolve(name: string, draw: number): Resolved | null {
    const answers = this.#answersTo(name);
    if ('only' in answers) return answers.only;
    const step = Math.floor(draw * drawSteps);
    const known = answers.bySteps[step];
    if (known !== undefined) return known;
    const made = this.#ask(name, () => (step + 0.5) / drawSteps);
    answers.bySteps[step] = made;
    return made;
  }

  /** Returns the answers to a name, with the share of each. */
  answerShares(name: string): readonly AnswerShare[] {
    const answers = this.#answersTo(name);
    if ('only' in answers) return [{ answer: answers.only, share: 1 }];
    const count = 100;
    return Array.from({ length: count }, (_, index) => ({
      answer: this.resolve(name, (index + 0.5) / count),
      share: 1 / count,
    }));
  }

  #answersTo(name: string): Answers {
    if (this.#mayDnsDiffer) this.#forgetAnswers();
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    let isDrawn = false;
    const only = this.#ask(name, () => {
      isDrawn = true;
      return 0.5;
    });
    const key = JSON.stringify(only);
    const isOnly =
      !isDrawn || trialDraws.every((draw) => JSON.stringify(this.#ask(name, () => draw)) === key);
    const made = isOnly ? { only } : { bySteps: [] };
    this.#answers.set(name, made);
    return made;
  }

  /** Forgets the answers if zones have changed: most changes of the sandbox data don't concern them. */
  #forgetAnswers(): void {
    this.#mayDnsDiffer = false;
    const mark = markDns(this.#world());
    if (mark === this.#dnsMark) return;
    this.#dnsMark = mark;
    this.#answers = new Map();
  }

  /** Returns what the name server answers for one type: addresses, or the name that an alias points to. */
  values(name: string, type: 'A' | 'AAAA' | 'CNAME'): readonly string[] {
    const reply = answer(
      this.#world(),
      { name, type },
      this.#rules(() => 0.5),
    );
    return reply.answers.flatMap((each) =>
      each.type === type && typeof each.data === 'string' ? [each.data] : [],
    );
  }

  #rules(draw: () => number) {
    const mixedWeights = this.#assumptions.get('dns.mixedWeights');
    return { lineId: defaultLineId, random: () => 0, shares: draw, mixedWeights };
  }

  #ask(name: string, draw: () => number): Resolved | null {
    for (const type of ['A', 'AAAA']) {
      const reply = answer(this.#world(), { name, type }, this.#rules(draw));
      if (reply.rcode !== RCODE.noError) continue;
      const addresses = reply.answers.flatMap((each) =>
        each.type === 'A' || each.type === 'AAAA' ? [each.data] : [],
      );
      const ttls = reply.answers.flatMap((each) =>
        'ttl' in each && each.ttl !== undefined ? [each.ttl] : [],
      );
      if (addresses.length === 0) continue;
      const alias = reply.answers.find((each) => each.type === 'CNAME');
      const values = alias?.type === 'CNAME' ? [alias.data] : addresses;
      return { addresses, ttlS: Math.min(...ttls), values };
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
    const { steady } = found;
    if (steady !== null) return steady;
    const servers = toServers(found, nowMs);
    if (isSteady(found, nowMs)) {
      found.steady = servers;
      this.#steady.add(servers);
    }
    return servers;
  }

  /** Returns whether a destination stays the same until the sandbox data changes. */
  isSteady(to: Destination): boolean {
    return to.kind !== 'servers' || this.#steady.has(to);
  }

  #match(address: string, port: number, host: string, target: string): FoundRule {
    const site = this.#siteAt(address, port);
    if (site === undefined) return unserved('noListener');
    const match = site.match(host, target);
    if (match.kind === 'none') return unserved('noRule');
    const { uin, loadBalancerId } = site.key;
    if (match.kind === 'addSlash') return unserved('redirected');
    const { rule } = match;
    const place = {
      ruleKey: ruleKeyOf(uin, loadBalancerId, rule.id),
      balancerKey: `${uin}/${loadBalancerId}`,
    };
    if (isOtherSite(site, rule, host)) return unserved('wrongSite', place);
    if (rule.redirectTo !== null) return unserved('redirected', place);
    const [bound] = rule.functions;
    if (bound === undefined) return { site, rule, place, steady: null };
    const { region } = site.loadBalancer;
    const name = `${region}/${bound.namespace}/${bound.name}`;
    const fn = site.account.functions[name];
    const version = fn === undefined ? null : resolveQualifier(fn, bound.qualifier, 0.5);
    if (fn === undefined || version === null) return unserved('noFunction', place);
    return { kind: 'function', ...place, key: name, account: site.account, fn, version };
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

/** The rule that takes a request, and its load balancer. */
type Place = Pick<Destination, 'ruleKey' | 'balancerKey'>;

type ServerRule = {
  readonly site: Site;
  readonly rule: WorldRule;
  readonly place: Place;
  /** Its servers, if nothing but a change of the sandbox data can change them. */
  steady: Destination | null;
};

/** Health checks have found out about anything that is older, in ms. */
const settledMs = 600_000;

/** Returns whether the servers of a rule are in the same state for as long as the sandbox data stays. */
function isSteady({ site, rule }: ServerRule, nowMs: number): boolean {
  const { account } = site;
  return backendsOfRule(account, rule).every(({ targets }) =>
    targets.every(({ instanceId, registeredAt }) => {
      const server = account.instances[instanceId];
      const since = Math.max(registeredAt, server?.stateSince ?? 0, server?.downSince ?? 0);
      return since < nowMs - settledMs;
    }),
  );
}
type FoundRule = ServerRule | Exclude<Destination, { kind: 'servers' }>;

function unserved(
  why: Unserved,
  place: Place = { ruleKey: '', balancerKey: '' },
): Exclude<Destination, { kind: 'servers' | 'function' }> {
  return { kind: 'unserved', why, ...place };
}

function toServers({ site, rule, place }: ServerRule, nowMs: number): Destination {
  const targets = site.served(rule).targets(nowMs);
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return unserved('noBackend', place);
  const shares = targets.map(({ instanceId, weight }) => ({ instanceId, share: weight / total }));
  return { kind: 'servers', ...place, account: site.account, targets: shares };
}

/** Returns a text that differs whenever any answer of the name servers may. */
function markDns({ accounts }: World): string {
  const parts: string[] = [];
  for (const { zones, loadBalancers } of Object.values(accounts)) {
    for (const { name, enabled, records } of Object.values(zones)) {
      parts.push(name, String(enabled));
      for (const { id, value, ttlS, weight, enabled: isOn } of records)
        parts.push(`${id} ${value} ${ttlS} ${weight} ${isOn}`);
    }
    for (const { domain, isolated, vips } of Object.values(loadBalancers))
      if (domain !== null) parts.push(`${domain} ${isolated} ${vips.join(' ')}`);
  }
  return parts.join('\n');
}
