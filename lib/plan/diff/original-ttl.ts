import type { Estate } from '@/lib/estate/model';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import { modifyRecordTtl } from '@/lib/plan/model/calls';
import { type Durations, forecastOfCall } from '@/lib/plan/model/forecast';
import { type OriginalTtl, type Step, StepId, type WriteStep } from '@/lib/plan/model/model';

/**
 * Returns rollback steps that end with the TTLs from before an earlier run of the diversion lowered them, rather than
 * with those that this plan starts from. They are the last steps: until then, clients follow fast. Each belongs to the
 * first move of its record set, so that a run that has moved nothing doesn't change it. The rollback of the earlier run
 * then finds its own step done.
 */
export function restoreTtlsLast(
  revert: readonly Step[],
  steps: readonly Step[],
  {
    estate,
    originalTtls,
    durations,
  }: {
    readonly estate: Estate;
    readonly originalTtls: readonly OriginalTtl[];
    readonly durations: Durations;
  },
): readonly Step[] {
  const all: Step[] = [...revert];
  for (const { set, loweredS, ttlS } of originalTtls) {
    const own = steps.filter(
      (step): step is WriteStep => step.kind === 'write' && objectKey(step.object) === objectKey(set),
    );
    const [first, move] = [own[0], own.find(({ phase }) => phase === 'divert')];
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
      if (id === null || !record.enabled || record.ttlS !== loweredS) continue;
      const call = { ...move.call, ...modifyRecordTtl(set.zone, id, ttlS) };
      const records = state.records.map((each) =>
        recordKey(each) === recordKey(record) ? { ...each, ttlS } : each,
      );
      const after = { kind: 'recordSet', records } as const;
      all.push({
        kind: 'write',
        id: StepId.parse(`r${all.length + 1}`),
        phase: 'drain',
        ...(move.wave === undefined ? {} : { wave: move.wave }),
        object: move.object,
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
