import type { KnownIds } from '@/lib/estate/call';
import { isPartlyUnread } from '@/lib/estate/gaps';
import { getRecordSetState } from '@/lib/estate/look-up';
import { DnsRecord, type Estate, Rule } from '@/lib/estate/model';
import type { RecordSetRef, RecordState, RuleRef, RuleState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import type { KeptWeight } from '@/lib/estate/record-shares';
import type { RunBaseline } from './model/baseline-states';

/**
 * Returns the instant when the records of a snapshot were read, and the rules of the load balancers that partial syncs
 * read, as ISO.
 */
export function partsReadAt({ partsAt, takenAt }: Pick<Estate, 'partsAt' | 'takenAt'>): string {
  return partsAt ?? takenAt;
}

type Written = {
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
  { object, records: after, recordIds, leftAt: updatedAt }: Written,
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
 * Returns the snapshot of one account with the record sets that runs have written since its records were read, from
 * their journals: the target of a name is known when a run's write is complete, not only after the next sync. Weights
 * that the cloud has kept stay on their records. Pure.
 * @param runs of any connection, in any order
 */
export function withWrittenRecords(estate: Estate, runs: readonly RunBaseline[]): Estate {
  const readAt = Date.parse(partsReadAt(estate));
  const written = runs
    .flatMap(({ connectionId, objects }) =>
      [...objects.values()].flatMap(
        ({ object, state, leftAt, keptWeights, recordIds }): readonly Written[] =>
          object.kind === 'recordSet' &&
          state.kind === 'recordSet' &&
          (object.connectionId ?? connectionId) === estate.connectionId &&
          Date.parse(leftAt) > readAt &&
          // A set with an unknown id keeps the snapshot's state until the next sync.
          state.records.every((record) => recordKey(record) in recordIds)
            ? [{ object, records: withWeights(state.records, keptWeights), recordIds, leftAt }]
            : [],
      ),
    )
    .sort((a, b) => Date.parse(a.leftAt) - Date.parse(b.leftAt));
  if (written.length === 0) return estate;
  return { ...estate, records: written.reduce(withRecordSet, estate.records) };
}

/** Returns all rules, with one as a run has left it. What the state does not contain is as on the rule, or unset. */
function withRule(
  all: Estate['rules'],
  ref: RuleRef,
  { exists, targets, functions }: RuleState,
): Estate['rules'] {
  const { loadBalancerId, listenerId, domain, url } = ref;
  const isIt = (rule: Rule) => rule.listenerId === listenerId && rule.domain === domain && rule.url === url;
  const known = all.find(isIt);
  const others = all.filter((rule) => rule !== known);
  if (!exists) return others;
  const made = Rule.parse({
    id: `${listenerId} ${domain}${url}`,
    loadBalancerId,
    listenerId,
    domain,
    url,
    isDefault: false,
    scheduler: 'WRR',
    quic: false,
    targetType: 'NODE',
    redirectsTo: null,
    ...known,
    targets: targets.map((target) => ({ kind: 'CVM', instanceName: null, privateIp: null, ...target })),
    functions,
  });
  return [...others, made];
}

/**
 * Returns the snapshot of one account with the rules that a run has written since they were read, as far as sides need
 * them: the backend of a rule is known when the write is complete, not only after the next sync. Partial syncs read the
 * load balancers on which runs have written since the last full one, see `watchedLoadBalancers`. Pure.
 */
export function withWrittenRules(
  estate: Estate,
  { connectionId, objects }: Pick<RunBaseline, 'connectionId' | 'objects'>,
): Estate {
  const rules = [...objects.values()].reduce((all, { object, state, leftAt }) => {
    if (object.kind !== 'rule' || state.kind !== 'rule') return all;
    if ((object.connectionId ?? connectionId) !== estate.connectionId) return all;
    const isGap = isPartlyUnread(estate, `clb/${object.region}/${object.loadBalancerId}`);
    const readAt = isGap ? estate.takenAt : partsReadAt(estate);
    return Date.parse(leftAt) > Date.parse(readAt) ? withRule(all, object, state) : all;
  }, estate.rules);
  return { ...estate, rules };
}
