import type { ListenerState, LoadBalancerState, ObjectRef, ObjectState, TargetState } from './object';
import { nameFields, targetText } from './target';

/** The states of objects that do not exist. */
export const noLoadBalancer: LoadBalancerState = {
  kind: 'loadBalancer',
  count: 0,
  network: null,
  vpcId: null,
};
export const noListener: ListenerState = { kind: 'listener', exists: false, certificateId: null };

/**
 * Returns whether a state means that the object does not exist. Records and concurrency always exist, even if empty.
 */
export function isAbsent(state: ObjectState): boolean {
  switch (state.kind) {
    case 'rule':
    case 'listener':
      return !state.exists;
    case 'loadBalancer':
      return state.count === 0;
    default:
      return false;
  }
}

/** Returns the key of a record inside its set, for ids: type and value are unique there (DNSPod rejects duplicates). */
export function recordKey(record: { type: string; value: string }): string {
  return `${record.type} ${record.value}`;
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/**
 * Returns the canonical form of a state: lists sorted by natural key (the cloud's order means nothing), fields in one
 * order (a database may have reordered them), DNSPod's weight 0 as null (both mean "weighting off").
 */
export function canonicalState(state: ObjectState): ObjectState {
  switch (state.kind) {
    case 'recordSet': {
      const records = state.records.map(({ type, value, ttlS, weight, enabled }) => ({
        type,
        value,
        ttlS,
        weight: weight === 0 ? null : weight,
        enabled,
      }));
      return { kind: 'recordSet', records: sortedBy(records, recordKey) };
    }
    case 'rule': {
      const targets = state.targets.map(
        (target): TargetState => ({ ...nameFields(target), port: target.port, weight: target.weight }),
      );
      // The qualifier's type is left out: old bindings return null for it, and the qualifier alone is enough.
      const functions = state.functions.map(({ namespace, name, qualifier, weight }) => ({
        namespace,
        name,
        qualifier,
        qualifierType: null,
        weight,
      }));
      return {
        kind: 'rule',
        exists: state.exists,
        targets: sortedBy(targets, targetText),
        functions: sortedBy(functions, (f) => `${f.namespace}/${f.name}:${f.qualifier}`),
      };
    }
    case 'loadBalancer': {
      const { kind, count, network, vpcId } = state;
      return { kind, count, network, vpcId };
    }
    case 'listener': {
      const { kind, exists, certificateId } = state;
      return { kind, exists, certificateId };
    }
    case 'provisioned': {
      const { kind, instances } = state;
      return { kind, instances };
    }
  }
}

/** Returns whether two states are equal for traffic. */
export function sameState(a: ObjectState, b: ObjectState): boolean {
  return JSON.stringify(canonicalState(a)) === JSON.stringify(canonicalState(b));
}

/** Returns a stable text key of an object, for lookups and locks. */
export function objectKey(ref: ObjectRef): string {
  const { connectionId } = ref;
  // Plans of one account, and data stored before several accounts were supported, have keys without it.
  return connectionId === undefined ? placeKey(ref) : `${connectionId}:${placeKey(ref)}`;
}

/** Returns its key among the objects of all connections. @param own the connection of the plan that names it */
export function ownedKey(ref: ObjectRef, own: string): string {
  return `${ref.connectionId ?? own}:${placeKey(ref)}`;
}

function placeKey(ref: ObjectRef): string {
  switch (ref.kind) {
    case 'rule':
      return `rule/${ref.region}/${ref.loadBalancerId}/${ref.listenerId}/${ref.domain}${ref.url}`;
    case 'recordSet':
      return `recordSet/${ref.subdomain}.${ref.zone}/${ref.lineId}`;
    case 'loadBalancer':
      return `loadBalancer/${ref.region}/${ref.name}`;
    case 'listener':
      return `listener/${ref.region}/${ref.loadBalancerId}/${ref.protocol}:${ref.port}`;
    case 'provisioned':
      return `provisioned/${ref.region}/${ref.namespace}/${ref.name}:${ref.qualifier}`;
  }
}
