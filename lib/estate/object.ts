import { z } from 'zod';
import { ListenerId, LoadBalancerId } from './ids';
import { BoundFunction } from './model';
import { owner } from './owner';
import { byAddress, byServer, nameFields, targetText } from './target';

/**
 * The objects that a step touches, addressed by their natural key, and their comparable state. States carry no ids,
 * names or change times: two states are equal if traffic sees no difference.
 */

export const RuleRef = z.object({
  kind: z.literal('rule'),
  ...owner,
  region: z.string(),
  loadBalancerId: LoadBalancerId,
  listenerId: ListenerId,
  domain: z.string(),
  url: z.string(),
});
export type RuleRef = z.infer<typeof RuleRef>;

/** The record types that decide where a name's traffic goes. Others (TXT, MX, NS, …) are never compared. */
export const addressRecordTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/**
 * All address records (A, AAAA, CNAME) of one name on one line: DNS answers in this unit, so it is the unit of
 * comparison.
 */
export const RecordSetRef = z.object({
  kind: z.literal('recordSet'),
  ...owner,
  zone: z.string(),
  subdomain: z.string(),
  lineId: z.string(),
  line: z.string(),
});
export type RecordSetRef = z.infer<typeof RecordSetRef>;

/** A load balancer that a plan creates: it has no id until it exists, so its name in its region is its key. */
export const LoadBalancerRef = z.object({
  kind: z.literal('loadBalancer'),
  ...owner,
  region: z.string(),
  name: z.string(),
});
export type LoadBalancerRef = z.infer<typeof LoadBalancerRef>;

/** A load balancer that a run has made: nothing else of its name is it. */
export type OwnLoadBalancerRef = LoadBalancerRef & { readonly id: string };

/** A listener that a plan creates: a load balancer has one per protocol and port. */
export const ListenerRef = z.object({
  kind: z.literal('listener'),
  ...owner,
  region: z.string(),
  loadBalancerId: LoadBalancerId,
  protocol: z.string(),
  port: z.number(),
});
export type ListenerRef = z.infer<typeof ListenerRef>;

/** The provisioned concurrency of a function's version or alias. */
export const ProvisionedRef = z.object({
  kind: z.literal('provisioned'),
  ...owner,
  region: z.string(),
  namespace: z.string(),
  name: z.string(),
  qualifier: z.string(),
});
export type ProvisionedRef = z.infer<typeof ProvisionedRef>;

export const ObjectRef = z.discriminatedUnion('kind', [
  RuleRef,
  RecordSetRef,
  LoadBalancerRef,
  ListenerRef,
  ProvisionedRef,
]);
export type ObjectRef = z.infer<typeof ObjectRef>;

const targetFields = { port: z.number(), weight: z.number() };
export const TargetState = z.union([
  z.object({ ...byServer(z.string()), ...targetFields }),
  z.object({ ...byAddress(z.string()), ...targetFields }),
]);
export type TargetState = z.infer<typeof TargetState>;

export const RuleState = z.object({
  kind: z.literal('rule'),
  exists: z.boolean(),
  targets: z.array(TargetState),
  functions: z.array(BoundFunction),
});
export type RuleState = z.infer<typeof RuleState>;

export const RecordState = z.object({
  type: z.string(),
  value: z.string(),
  ttlS: z.number(),
  weight: z.number().nullable(),
  enabled: z.boolean(),
});
export type RecordState = z.infer<typeof RecordState>;

export const RecordSetState = z.object({ kind: z.literal('recordSet'), records: z.array(RecordState) });
export type RecordSetState = z.infer<typeof RecordSetState>;

/** Load balancers of one name in a region; no plan creates more than one. */
export const LoadBalancerState = z.object({
  kind: z.literal('loadBalancer'),
  count: z.number(),
  /** The network of the only one; null for none or several. */
  network: z.enum(['OPEN', 'INTERNAL']).nullable(),
  vpcId: z.string().nullable(),
});
export type LoadBalancerState = z.infer<typeof LoadBalancerState>;

export const ListenerState = z.object({
  kind: z.literal('listener'),
  exists: z.boolean(),
  certificateId: z.string().nullable(),
});
export type ListenerState = z.infer<typeof ListenerState>;

/** The number of instances requested; a probe checks whether they are ready. */
const ProvisionedState = z.object({ kind: z.literal('provisioned'), instances: z.number() });

export const ObjectState = z.discriminatedUnion('kind', [
  RuleState,
  RecordSetState,
  LoadBalancerState,
  ListenerState,
  ProvisionedState,
]);
export type ObjectState = z.infer<typeof ObjectState>;

/** The states of objects that do not exist. */
export const noRule: RuleState = { kind: 'rule', exists: false, targets: [], functions: [] };
export const noLoadBalancer: LoadBalancerState = {
  kind: 'loadBalancer',
  count: 0,
  network: null,
  vpcId: null,
};
export const noListener: ListenerState = { kind: 'listener', exists: false, certificateId: null };

/** Returns whether a state says that the object does not exist. Records and concurrency always exist, even if empty. */
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

/** Returns whether two states are equal as far as traffic can tell. */
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
