import type {
  DnsRecord,
  DnsZone,
  Estate,
  Instance,
  Listener,
  LoadBalancer,
  Rule,
  ScfFunction,
} from './model';
import type { RecordSetRef, RecordSetState, RuleRef, RuleState } from './object';
import type { Owned } from './owner';
import { nameFields } from './target';

/** The record types that decide where a name's traffic goes. Others (TXT, MX, NS, …) are never compared. */
export const addressRecordTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** The state of a rule that does not exist. */
export const noRule: RuleState = { kind: 'rule', exists: false, targets: [], functions: [] };

/** Returns the load balancer with this id, if the snapshot has it. */
export function findLoadBalancer(
  estate: Pick<Estate, 'loadBalancers'>,
  id: string,
): LoadBalancer | undefined {
  return estate.loadBalancers.find((lb) => lb.id === id);
}

/** Returns the listener with this id, only if it belongs to that load balancer. */
export function findListener(
  estate: Pick<Estate, 'listeners'>,
  loadBalancerId: string,
  id: string,
): Listener | undefined {
  return estate.listeners.find((l) => l.id === id && l.loadBalancerId === loadBalancerId);
}

/** Groups the items of a list by their keys. */
export function groupBy<K, T>(list: readonly T[], getKeys: (item: T) => readonly K[]): ReadonlyMap<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list)
    for (const key of new Set(getKeys(item))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  return groups;
}

/** Returns a look-up in the lists of snapshots, which never change: each is indexed once, as it may have 10,000 items. */
export function indexed<T>(getKeys: (item: T) => readonly string[]) {
  const indexes = new WeakMap<readonly T[], ReadonlyMap<string, readonly T[]>>();
  return (list: readonly T[], key: string): readonly T[] => {
    const index = indexes.get(list) ?? groupBy(list, getKeys);
    indexes.set(list, index);
    return index.get(key) ?? [];
  };
}

const rulesByListener = indexed((rule: Rule) => [rule.listenerId]);
const rulesByLoadBalancer = indexed((rule: Rule) => [rule.loadBalancerId]);
const listenersByLoadBalancer = indexed((listener: Listener) => [listener.loadBalancerId]);
const recordsByHost = indexed((record: DnsRecord) => [getHostName(record)]);

/** Returns the rules of one listener. */
export function listRules(estate: { readonly rules: readonly Rule[] }, listenerId: string): readonly Rule[] {
  return rulesByListener(estate.rules, listenerId);
}

/** Returns the rules of all listeners of a load balancer. */
export function listRulesBehind(estate: Pick<Estate, 'rules'>, id: string): readonly Rule[] {
  return rulesByLoadBalancer(estate.rules, id);
}

/** Returns the listeners of a load balancer. */
export function listListeners(estate: Pick<Estate, 'listeners'>, id: string): readonly Listener[] {
  return listenersByLoadBalancer(estate.listeners, id);
}

/** Returns the rule of a listener with exactly this domain (it may have others too) and URL: the cloud allows one. */
export function findRule(
  estate: { readonly rules: readonly Rule[] },
  listenerId: string,
  domain: string,
  url: string,
): Rule | undefined {
  return listRules(estate, listenerId).find((r) => r.url === url && r.domains.includes(domain));
}

/**
 * Returns the function with this name in a region and namespace, of the named account, otherwise of the estate's own.
 */
export function findFunction(
  estate: Pick<Estate, 'functions'>,
  key: Owned & { region: string; namespace: string; name: string },
): ScfFunction | undefined {
  return estate.functions.find(
    (f) =>
      f.connectionId === key.connectionId &&
      f.region === key.region &&
      f.namespace === key.namespace &&
      f.name === key.name,
  );
}

/** Returns the instance with this id. */
export function findInstance(
  estate: Pick<Estate, 'instances'>,
  id: string | undefined,
): Instance | undefined {
  return estate.instances.find((instance) => instance.id === id);
}

/** Returns the zone that a host name belongs to: the longest one that it ends in. */
export function findZone(estate: Pick<Estate, 'zones'>, hostName: string): DnsZone | undefined {
  return estate.zones
    .filter((zone) => hostName === zone.name || hostName.endsWith(`.${zone.name}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** Returns the part of a host name before its zone: `@` at the apex. */
export function getSubdomain(hostName: string, zoneName: string): string {
  return hostName === zoneName ? '@' : hostName.slice(0, -(zoneName.length + 1));
}

/** Returns the host name that a record answers for. */
export function getHostName(record: { subdomain: string; zone: string }): string {
  return record.subdomain === '@' ? record.zone : `${record.subdomain}.${record.zone}`;
}

/** Returns the records that decide where a host name's traffic goes (A, AAAA, CNAME), of all lines. */
export function listAddressRecords(estate: Pick<Estate, 'records'>, hostName: string): readonly DnsRecord[] {
  return recordsByHost(estate.records, hostName).filter((r) => addressRecordTypes.includes(r.type));
}

/** Returns the comparable state of a rule of the snapshot. */
export function getRuleState(rule: Rule | undefined): RuleState {
  if (rule === undefined) return noRule;
  return {
    kind: 'rule',
    exists: true,
    targets: rule.targets.map((t) => ({ ...nameFields(t), port: t.port, weight: t.weight })),
    functions: rule.functions,
  };
}

/** Returns the comparable state of all address records of one name on one line. */
export function getRecordSetState(estate: Pick<Estate, 'records'>, ref: RecordSetRef): RecordSetState {
  const records = listAddressRecords(estate, getHostName(ref)).filter(
    (r) => r.zone === ref.zone && r.lineId === ref.lineId,
  );
  return {
    kind: 'recordSet',
    records: records.map((r) => ({
      type: r.type,
      value: r.value,
      ttlS: r.ttlS,
      weight: r.weight,
      enabled: r.enabled,
    })),
  };
}

/** Returns the rule of the snapshot that a reference names. */
export function ruleAt(estate: Estate, ref: RuleRef): Rule | undefined {
  return findRule(estate, ref.listenerId, ref.domain, ref.url);
}
