import type { Estate } from '@/lib/estate/model';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import { modifyRecordTtl } from '@/lib/plan/model/calls';
import { type Durations, forecastOfCall } from '@/lib/plan/model/forecast';
import { type OriginalTtl, type Step, StepId, type WriteStep } from '@/lib/plan/model/model';
import { findOriginalTtl } from '@/lib/plan/model/set-changes';

/**
 * Returns rollback steps that end with the TTLs from before an earlier run lowered them, rather than with those that
 * this plan starts from. They are the last steps: until then, clients follow fast. Each belongs to the first move of
 * its record set, so that a run that has moved nothing doesn't change it. The rollback of the earlier run then finds
 * its own step done. A record set that doesn't move belongs to the first move of all: a run with a T1 leaves out the
 * drain that restores it.
 */
export function restoreTtlsLast(
  revert: readonly Step[],
  steps: readonly Step[],
  {
    estate,
    originalTtls,
    durations,
  }: {
    readonly estate: Pick<Estate, 'records'>;
    readonly originalTtls: readonly OriginalTtl[];
    readonly durations: Durations;
  },
): readonly Step[] {
  const all: Step[] = [...revert];
  const writes = steps.filter((step): step is WriteStep => step.kind === 'write');
  const isMove = ({ phase }: WriteStep) => phase === 'divert';
  const sets = new Map(originalTtls.map(({ set }) => [objectKey(set), set]));
  for (const [key, set] of sets) {
    const own = writes.filter(({ object }) => objectKey(object) === key);
    const [first, move] = [own[0], own.find(isMove) ?? writes.find(isMove)];
    if (first?.before.kind !== 'recordSet' || move === undefined) continue;
    let state = first.before;
    for (const record of first.before.records) {
      const { id } = estate.records.find(
        (each) =>
          each.zone === set.zone &&
          each.subdomain === set.subdomain &&
          each.lineId === set.lineId &&
          recordKey(each) === recordKey(record),
      ) ?? { id: null };
      const original = findOriginalTtl(originalTtls, set, record);
      if (id === null || original === undefined) continue;
      const { loweredS, ttlS } = original;
      const call = { ...first.call, ...modifyRecordTtl(set.zone, id, ttlS) };
      const records = state.records.map((each) =>
        recordKey(each) === recordKey(record) ? { ...each, ttlS } : each,
      );
      const after = { kind: 'recordSet', records } as const;
      all.push({
        kind: 'write',
        id: StepId.parse(`r${all.length + 1}`),
        phase: 'drain',
        ...(move.wave === undefined ? {} : { wave: move.wave }),
        object: first.object,
        call,
        before: state,
        after,
        inverse: { ...call, ...modifyRecordTtl(set.zone, id, loweredS) },
        undoes: move.id,
        needs: all.map((each) => each.id),
        forecastMs: forecastOfCall(call, durations),
      });
      state = after;
    }
  }
  return all;
}
