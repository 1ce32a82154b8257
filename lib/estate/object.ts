import { z } from 'zod';
import { ListenerId, LoadBalancerId } from './ids';
import { BoundFunction } from './model';

/**
 * The objects that a step touches, addressed by their natural key, and their comparable state.
 * States carry no ids, names or change times: two states are the same if traffic sees them the same.
 */

export const RuleRef = z.object({
  kind: z.literal('rule'),
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
  zone: z.string(),
  subdomain: z.string(),
  lineId: z.string(),
  line: z.string(),
});
export type RecordSetRef = z.infer<typeof RecordSetRef>;

export const ObjectRef = z.discriminatedUnion('kind', [RuleRef, RecordSetRef]);
export type ObjectRef = z.infer<typeof ObjectRef>;

export const TargetState = z.object({ instanceId: z.string(), port: z.number(), weight: z.number() });
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

export const ObjectState = z.discriminatedUnion('kind', [RuleState, RecordSetState]);
export type ObjectState = z.infer<typeof ObjectState>;

/** The state of a rule that does not exist. */
export const noRule: RuleState = { kind: 'rule', exists: false, targets: [], functions: [] };

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
  if (state.kind === 'recordSet') {
    const records = state.records.map(({ type, value, ttlS, weight, enabled }) => ({
      type,
      value,
      ttlS,
      weight: weight === 0 ? null : weight,
      enabled,
    }));
    return { kind: 'recordSet', records: sortedBy(records, recordKey) };
  }
  const targets = state.targets.map(({ instanceId, port, weight }) => ({ instanceId, port, weight }));
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
    targets: sortedBy(targets, (t) => `${t.instanceId}:${t.port}`),
    functions: sortedBy(functions, (f) => `${f.namespace}/${f.name}:${f.qualifier}`),
  };
}

/** Whether two states are the same as far as traffic can tell. */
export function sameState(a: ObjectState, b: ObjectState): boolean {
  return JSON.stringify(canonicalState(a)) === JSON.stringify(canonicalState(b));
}

/** A stable text key of an object, for look-ups and locks. */
export function objectKey(ref: ObjectRef): string {
  return ref.kind === 'rule'
    ? `rule/${ref.region}/${ref.loadBalancerId}/${ref.listenerId}/${ref.domain}${ref.url}`
    : `recordSet/${ref.subdomain}.${ref.zone}/${ref.lineId}`;
}
