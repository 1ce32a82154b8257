import { z } from 'zod';
import { ListenerId, LoadBalancerId } from './ids';
import { BoundFunction } from './model';
import { owner } from './owner';
import { byAddress, byServer, nameFields, targetText } from './target';

/**
 * The objects that a step touches, addressed by their natural key, and their comparable state.
 * States carry no ids, names or change times: two states are the same if traffic sees them the same.
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

/** The record types that decide where a name's traffic goes. Others (TXT, MX, NS, …) are never ours to compare. */
export const addressRecordTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** All address records (A, AAAA, CNAME) of one name on one line: the unit in which DNS answers, hence the unit we compare. */
export const RecordSetRef = z.object({
  kind: z.literal('recordSet'),
  ...owner,
  zone: z.string(),
  subdomain: z.string(),
  lineId: z.string(),
  line: z.string(),
});
export type RecordSetRef = z.infer<typeof RecordSetRef>;

/** A load balancer that a plan makes: until it is there it has no id, so its name in its region is its key. */
export const LoadBalancerRef = z.object({
  kind: z.literal('loadBalancer'),
  ...owner,
  region: z.string(),
  name: z.string(),
});
export type LoadBalancerRef = z.infer<typeof LoadBalancerRef>;

/** A load balancer that a run has made: nothing else of its name is it. */
export type OwnLoadBalancerRef = LoadBalancerRef & { readonly id: string };

/** A listener that a plan makes: a load balancer has one of a protocol and port. */
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

/** Load balancers of one name in a region; more than one is nobody's plan. */
export const LoadBalancerState = z.object({
  kind: z.literal('loadBalancer'),
  count: z.number(),
  /** Of the one that there is; null for none or several. */
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

/** Instances that are asked for; whether they are ready is a probe's business. */
const ProvisionedState = z.object({ kind: z.literal('provisioned'), instances: z.number() });

export const ObjectState = z.discriminatedUnion('kind', [
  RuleState,
  RecordSetState,
  LoadBalancerState,
  ListenerState,
  ProvisionedState,
]);
export type ObjectState = z.infer<typeof ObjectState>;

/** The states of what does not exist. */
export const noRule: RuleState = { kind: 'rule', exists: false, targets: [], functions: [] };
export const noLoadBalancer: LoadBalancerState = {
  kind: 'loadBalancer',
  count: 0,
  network: null,
  vpcId: null,
};
export const noListener: ListenerState = { kind: 'listener', exists: false, certificateId: null };

/** Whether a state says that the object is not there at all. Records and concurrency are always there, if empty. */
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

/** Names a record inside its set, for ids: type and value are unique there (DNSPod refuses doubles). */
export function recordKey(record: { type: string; value: string }): string {
  return `${record.type} ${record.value}`;
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/**
 * Puts a state in its one canonical form: lists sorted by natural key (the cloud's order means nothing), fields in one
 * order (a database may have turned them round), DNSPod's weight 0 as null (both mean "weighting off").
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
      // The qualifier's type is left out: old bindings answer null for it, and the qualifier itself decides.
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

/** Whether two states are the same as far as traffic can tell. */
export function sameState(a: ObjectState, b: ObjectState): boolean {
  return JSON.stringify(canonicalState(a)) === JSON.stringify(canonicalState(b));
}

/** A stable text key of an object, for look-ups and locks. */
export function objectKey(ref: ObjectRef): string {
  const { connectionId } = ref;
  // Plans of one account, and what was stored before there were others, have keys without it.
  return connectionId === undefined ? placeKey(ref) : `${connectionId}:${placeKey(ref)}`;
}

/** Its key among the objects of all connections. @param own the connection of the plan that names it */
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
