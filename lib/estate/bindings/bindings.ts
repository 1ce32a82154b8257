import { listLedTo } from '@/lib/estate/dns-target';
import { addressRecordTypes, getHostName, listRules } from '@/lib/estate/look-up';
import { rulesForHost } from '@/lib/estate/match-rule';
import type { BoundFunction, Estate, Listener, LoadBalancer, Rule, Target } from '@/lib/estate/model';
import { targetText } from '@/lib/estate/target';

/** The kinds of backend that a rule is bound to. */
export const bindingKinds = ['cvm', 'function', 'both', 'none', 'redirect', 'targetGroup'] as const;
export type BindingKind = (typeof bindingKinds)[number];

/**
 * The result of the load balancer's health checks of the bound targets: all healthy, some, or none; `unchecked` where
 * nothing is checked, as with functions; `unknown` where the checks could not be read.
 */
export const bindingHealths = ['healthy', 'partly', 'unhealthy', 'unchecked', 'unknown'] as const;
export type BindingHealth = (typeof bindingHealths)[number];

export type BoundThing = {
  readonly kind: 'cvm' | 'function' | 'redirect' | 'targetGroup';
  /** The type of a target in the cloud's terms (`CVM`, `ENI`, `CCN`); null for other backends. */
  readonly type: string | null;
  /** The backend's id where it has one, for lookup. */
  readonly id: string | null;
  /** `web-1:8080`, `10.0.0.7:8080`, `shop/cart:3`, the domain and URL of a redirect, the type of a target group. */
  readonly text: string;
  /** null if unset. */
  readonly weight: number | null;
};

/** A forwarding rule, or a listener that forwards without rules (layer 4), with its backend. */
export type Binding = {
  readonly list: 'rules' | 'listeners';
  /** The id of the rule or of the listener. */
  readonly id: string;
  readonly region: string;
  readonly loadBalancerId: string;
  readonly loadBalancer: string;
  readonly listenerId: string;
  /** `HTTPS:443` */
  readonly listener: string;
  /** null on layer 4, like the URL. */
  readonly domain: string | null;
  /** All domains that the rule answers for, the one above first. */
  readonly domains: readonly string[];
  readonly url: string | null;
  readonly kind: BindingKind;
  readonly bound: readonly BoundThing[];
  readonly health: BindingHealth;
  /** Names whose enabled DNS records point here. */
  readonly dnsNames: readonly string[];
};

const boundTarget = (target: Target): BoundThing => ({
  kind: 'cvm',
  type: target.kind,
  id: target.instanceId ?? null,
  text:
    target.eniIp === undefined && target.instanceName !== null
      ? `${target.instanceName}:${target.port}`
      : targetText(target),
  weight: target.weight,
});

const boundFunction = ({ namespace, name, qualifier, weight }: BoundFunction): BoundThing => ({
  kind: 'function',
  type: null,
  id: null,
  text: `${namespace}/${name}:${qualifier}`,
  weight,
});

function boundTo(rule: Rule, ruleOf: (id: string) => Rule | undefined): readonly BoundThing[] {
  if (rule.redirectsTo !== null) {
    const to = ruleOf(rule.redirectsTo);
    const text = to === undefined ? rule.redirectsTo : `${to.domain}${to.url}`;
    return [{ kind: 'redirect', type: null, id: rule.redirectsTo, text, weight: null }];
  }
  const bound = [...rule.targets.map(boundTarget), ...rule.functions.map(boundFunction)];
  if (bound.length > 0 || rule.targetType === 'NODE') return bound;
  return [{ kind: 'targetGroup', type: null, id: null, text: rule.targetType, weight: null }];
}

function getBindingKind({ redirectsTo, targetType, targets, functions }: Rule): BindingKind {
  if (redirectsTo !== null) return 'redirect';
  if (targetType !== 'NODE') return 'targetGroup';
  if (targets.length > 0) return functions.length > 0 ? 'both' : 'cvm';
  return functions.length > 0 ? 'function' : 'none';
}

/** Combines the checks of targets into one health. */
function summarizeHealth(targets: readonly Target[]): BindingHealth {
  const checked = targets.filter(({ health }) => health !== 'off');
  if (checked.length === 0) return 'unchecked';
  const dead = checked.filter(({ health }) => health === 'dead').length;
  if (dead === checked.length) return 'unhealthy';
  if (dead > 0) return 'partly';
  return checked.every(({ health }) => health === 'alive') ? 'healthy' : 'unknown';
}

/** These forward by rules, all others without. */
const byRules: ReadonlySet<string> = new Set(['HTTP', 'HTTPS']);

function describePlace(listener: Listener, balancer: LoadBalancer) {
  return {
    region: balancer.region,
    loadBalancerId: balancer.id,
    loadBalancer: balancer.name,
    listenerId: listener.id,
    listener: `${listener.protocol}:${listener.port}`,
  };
}

/** Returns, of the given names, those that each rule of a listener answers for. */
function namesByRule(rules: readonly Rule[], names: readonly string[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names)
    for (const { id } of rulesForHost(rules, name)) found.set(id, [...(found.get(id) ?? []), name]);
  return found;
}

/** Returns every forwarding rule and every layer-4 listener of the estate. */
export function collectBindings(estate: Estate): readonly Binding[] {
  const balancers = new Map(estate.loadBalancers.map((balancer) => [balancer.id, balancer]));
  const rules = new Map<string, Rule>(estate.rules.map((rule) => [rule.id, rule]));
  const leading = namesLeading(estate);
  const findRule = (id: string) => rules.get(id);
  return estate.listeners.flatMap((listener): readonly Binding[] => {
    const balancer = balancers.get(listener.loadBalancerId);
    if (balancer === undefined) return [];
    const place = describePlace(listener, balancer);
    const names = leading.get(balancer.id) ?? [];
    const own = listRules(estate, listener.id);
    if (own.length === 0 && byRules.has(listener.protocol)) return [];
    if (own.length === 0) {
      const { id, targets } = listener;
      const kind = targets.length > 0 ? 'cvm' : 'none';
      const bound = targets.map(boundTarget);
      const whole = { ...place, domain: null, domains: [], url: null, dnsNames: names };
      return [{ list: 'listeners', id, ...whole, kind, bound, health: summarizeHealth(targets) }];
    }
    const namesOf = namesByRule(own, names);
    return own.map((rule) => ({
      list: 'rules',
      id: rule.id,
      ...place,
      domain: rule.domain,
      domains: rule.domains,
      url: rule.url,
      kind: getBindingKind(rule),
      bound: boundTo(rule, findRule),
      health: summarizeHealth(rule.targets),
      dnsNames: namesOf.get(rule.id) ?? [],
    }));
  });
}

/**
 * Returns the host names that point at each load balancer, by its id: those of enabled address records.
 */
export function namesLeading(
  estate: Pick<Estate, 'records' | 'loadBalancers'>,
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const record of estate.records) {
    if (!record.enabled || !addressRecordTypes.includes(record.type)) continue;
    for (const { id } of listLedTo(estate, record)) {
      const known = names.get(id) ?? new Set();
      names.set(id, known.add(getHostName(record)));
    }
  }
  return new Map([...names].map(([id, hosts]) => [id, [...hosts].sort()]));
}
