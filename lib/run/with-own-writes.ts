import type { KnownIds } from '@/lib/estate/call';
import { isPartlyUnread } from '@/lib/estate/gaps';
import { findFunction, findInstance, getRecordSetState } from '@/lib/estate/look-up';
import { DnsRecord, type Estate, Rule } from '@/lib/estate/model';
import type {
  ObjectRef,
  ProvisionedRef,
  RecordSetRef,
  RecordState,
  RuleRef,
  RuleState,
} from '@/lib/estate/object';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import { isAsWanted, type KeptWeight } from '@/lib/estate/record-shares';
import { isSameTarget } from '@/lib/estate/target';
import { stateAt } from '@/lib/plan/drift';
import type { RunBaseline, WrittenState } from './model/baseline-states';

/**
 * Returns the instant when a sync has last read an object of a snapshot, as ISO: its last full sync, or the partial sync
 * since, as far as that reads everything of the kind. Partial syncs read the rules of all load balancers on which runs
 * have written since the last full one, see `watchedLoadBalancers`.
 */
function readAt({ partsAt, takenAt, ...estate }: Estate, object: ObjectRef): string {
  const isWholeOnly =
    object.kind === 'provisioned' ||
    object.kind === 'listener' ||
    (object.kind === 'rule' && isPartlyUnread(estate, `clb/${object.region}/${object.loadBalancerId}`));
  return isWholeOnly ? takenAt : (partsAt ?? takenAt);
}

type WrittenRecords = {
  readonly object: RecordSetRef;
  readonly records: readonly RecordState[];
  readonly recordIds: KnownIds;
  readonly leftAt: string;
};

/**
 * Returns all records, with one set replaced by the state that a run has left, under the ids from the cloud: a plan on
 * them equals one on the next sync.
 */
function withRecordSet(
  all: Estate['records'],
  { object, records: after, recordIds, leftAt: updatedAt }: WrittenRecords,
): Estate['records'] {
  const { zone, subdomain, line, lineId } = object;
  const states = new Set(getRecordSetState({ records: all }, object).records.map(recordKey));
  const mine = new Set(
    all.filter(
      (r) => r.zone === zone && r.subdomain === subdomain && r.lineId === lineId && states.has(recordKey(r)),
    ),
  );
  const written = after.map((state) =>
    DnsRecord.parse({ id: recordIds[recordKey(state)], zone, subdomain, line, lineId, ...state, updatedAt }),
  );
  return [...all.filter((record) => !mine.has(record)), ...written];
}

/** Returns the records with the weights that the cloud has kept on them. */
function withWeights(records: readonly RecordState[], kept: readonly KeptWeight[]): readonly RecordState[] {
  return records.map((record) => {
    const weight = kept.findLast((each) => recordKey(each) === recordKey(record))?.weight ?? record.weight;
    return { ...record, weight };
  });
}

/**
 * Returns all rules, with one as a run has left it. What the state does not contain is as on the rule, or unset.
 * @param ruleId from the cloud; null = unknown: a rule that the snapshot does not have is then missing
 */
function withRule(
  estate: Estate,
  ref: RuleRef,
  { exists, targets, functions }: RuleState,
  ruleId: string | null,
): Estate['rules'] {
  const { loadBalancerId, listenerId, domain, url } = ref;
  const known = estate.rules.find(
    (rule) => rule.listenerId === listenerId && rule.domain === domain && rule.url === url,
  );
  const others = estate.rules.filter((rule) => rule !== known);
  const id = ruleId ?? known?.id;
  if (!exists) return others;
  if (id === undefined) return estate.rules;
  const sameDomain = others.find((rule) => rule.listenerId === listenerId && rule.domain === domain);
  const listener = estate.listeners.find((each) => each.id === listenerId);
  const presented = listener?.sniSwitch ? sameDomain?.certificateIds : listener?.certificateIds;
  const written = Rule.parse({
    loadBalancerId,
    listenerId,
    domain,
    url,
    isDefault: false,
    scheduler: 'WRR',
    quic: false,
    targetType: 'NODE',
    redirectsTo: null,
    certificateIds: presented ?? [],
    ...known,
    id,
    targets: targets.map((target) => {
      const before = known?.targets.find((each) => isSameTarget(each, target));
      const instance = findInstance(estate, target.instanceId);
      return {
        kind: target.instanceId === undefined ? 'ENI' : 'CVM',
        instanceName: instance?.name ?? null,
        privateIp: target.eniIp ?? instance?.privateIps[0] ?? null,
        ...before,
        ...target,
      };
    }),
    functions,
  });
  return [...others, written];
}

/** Returns all functions, one with this number of instances requested for a version. */
function withProvisioned(estate: Estate, ref: ProvisionedRef, allocated: number): Estate['functions'] {
  const fn = findFunction(estate, ref);
  const settings = fn?.provisioned ?? null;
  if (fn === undefined || settings === null) return estate.functions;
  const { qualifier } = ref;
  const before = settings.find((each) => each.qualifier === qualifier);
  if ((before?.allocated ?? 0) === allocated) return estate.functions;
  const others = settings.filter((each) => each !== before);
  const set = {
    qualifier,
    allocated,
    available: Math.min(before?.available ?? 0, allocated),
    status: 'InProgress',
  };
  const provisioned = allocated === 0 ? others : [...others, set];
  return estate.functions.map((each) => (each === fn ? { ...fn, provisioned } : each));
}

/** Returns the snapshot with one object as a run has left it. */
function withWrite(
  estate: Estate,
  { object, state, leftAt, keptWeights, recordIds, ruleId }: WrittenState,
): Estate {
  if (object.kind === 'recordSet' && state.kind === 'recordSet') {
    // A set with an unknown id keeps the snapshot's state until the next sync.
    if (!state.records.every((record) => recordKey(record) in recordIds)) return estate;
    const records = withWeights(state.records, keptWeights);
    return { ...estate, records: withRecordSet(estate.records, { object, records, recordIds, leftAt }) };
  }
  if (object.kind === 'rule' && state.kind === 'rule')
    return { ...estate, rules: withRule(estate, object, state, ruleId) };
  if (object.kind === 'provisioned' && state.kind === 'provisioned')
    return { ...estate, functions: withProvisioned(estate, object, state.instances) };
  return estate;
}

/**
 * Returns the snapshot of one account with what runs have written since it was read, from their journals: the records of
 * a name, the backend of a rule and the warm instances of a function are known when a run's write is complete, not only
 * after the next sync. Weights that the cloud has kept stay on their records. Load balancers and listeners are as the
 * snapshot has them: see `listUnread`. Pure.
 * @param runs of any connection, in any order
 */
export function withOwnWrites(estate: Estate, runs: readonly RunBaseline[]): Estate {
  return listOwnWrites(estate, runs).reduce(withWrite, estate);
}

/** Returns what runs have written in an account since the snapshot was read, oldest first. */
function listOwnWrites(estate: Estate, runs: readonly RunBaseline[]): readonly WrittenState[] {
  return runs
    .flatMap(({ connectionId, objects }) =>
      [...objects.values()].filter(
        ({ object, leftAt }) =>
          (object.connectionId ?? connectionId) === estate.connectionId &&
          Date.parse(leftAt) > Date.parse(readAt(estate, object)),
      ),
    )
    .sort((a, b) => Date.parse(a.leftAt) - Date.parse(b.leftAt));
}

/**
 * Returns the objects that are not known as runs have left them, and that no sync has read since: a plan that changes
 * one of them would start from a state that Spillway itself has replaced. Pure.
 */
export function listUnread(estate: Estate, runs: readonly RunBaseline[]): readonly ObjectRef[] {
  const last = new Map(listOwnWrites(estate, runs).map((write) => [objectKey(write.object), write]));
  const known = withOwnWrites(estate, runs);
  return [...last.values()].flatMap(({ object, state }) => {
    const { connectionId: _, ...ref } = object;
    return isAsWanted(stateAt(known, ref), state) ? [] : [ref];
  });
}
