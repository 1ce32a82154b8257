import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { ownedKey, recordKey } from '@/lib/estate/object-state';
import { checkExpectation, stateAt } from '@/lib/plan/drift';
import type { WriteStep } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from './fold-run';
import { bindPlan } from './placeholders';
import { undoList } from './run-effects';

/**
 * Returns the objects that an ended run has changed and that are not as before it, by the snapshots of their accounts:
 * whoever has undone a change, it is no longer in effect. An object that a snapshot can't tell counts as changed. A TTL
 * doesn't count: plans know what runs have lowered.
 * @param getEstate returns the newest snapshot of an account; null = it tells nothing about the time after the run
 */
export function listInEffect(
  run: RunRecord,
  getEstate: (connectionId: string) => Estate | null,
): readonly ObjectRef[] {
  const plan = bindPlan(run.plan, run.events);
  const touchedAt = run.events.at(-1)?.at ?? '';
  const firsts = new Map<string, WriteStep>();
  for (const { step } of undoList(foldRun({ ...run, plan })).toReversed()) {
    if (step.kind !== 'write') continue;
    const key = ownedKey(step.object, plan.connectionId);
    if (!firsts.has(key)) firsts.set(key, step);
  }
  return [...firsts.values()].flatMap(({ object, before }) => {
    const { connectionId = plan.connectionId, ...place } = object;
    const estate = getEstate(connectionId);
    if (estate === null) return [object];
    const state = withFoundTtls(before, stateAt(estate, place));
    return checkExpectation(estate, { object: place, state, touchedAt }).kind === 'asExpected'
      ? []
      : [object];
  });
}

/** Returns a state with the TTLs of the records as they are found. */
function withFoundTtls(state: ObjectState, found: ObjectState): ObjectState {
  if (state.kind !== 'recordSet' || found.kind !== 'recordSet') return state;
  const ttls = new Map(found.records.map((record) => [recordKey(record), record.ttlS]));
  return {
    ...state,
    records: state.records.map((record) => ({ ...record, ttlS: ttls.get(recordKey(record)) ?? record.ttlS })),
  };
}
