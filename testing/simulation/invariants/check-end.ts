import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { objectKey, sameState } from '@/lib/estate/object-state';
import type { WriteStep } from '@/lib/plan/model/model';
import { doneEvent, findDoubt } from '@/lib/run/model/history';
import type { Direction, RunEvent, RunState } from '@/lib/run/model/model';
import { listObjects } from '@/testing/simulation/cloud/foreign-edit';
import { listWrites } from '@/testing/simulation/cloud/list-writes';
import { readObject } from '@/testing/simulation/cloud/stock';
import type { InvariantCheck, Witness } from './witness';

/** Returns the possible states of an object, given what the journal says is and isn't applied. */
function journalledStates(ref: ObjectRef, { plan, events, first }: Witness): readonly ObjectState[] {
  // The plan may have been created for a different initial state: then the object was left alone.
  let states: readonly ObjectState[] = [readObject(first, ref).state];
  for (const direction of ['apply', 'rollback'] satisfies Direction[]) {
    for (const step of listWrites(plan, direction)) {
      if (objectKey(step.object) !== objectKey(ref)) continue;
      const done = doneEvent(events, direction, step.id);
      // That nothing had to be undone adds no information.
      if (done?.type === 'stepDone' && done.outcome === 'notOurs') continue;
      if (done !== undefined) states = [step.after];
      else if (isInDoubt(step, events, direction)) states = [...states, step.after];
    }
  }
  return states;
}

/**
 * Returns true if the journal does not say whether a call is in effect: it has no outcome, and no hold that says the
 * object is as before.
 */
function isInDoubt(step: WriteStep, events: readonly RunEvent[], direction: Direction): boolean {
  const mine = events.filter((e) => 'stepId' in e && e.stepId === step.id && e.direction === direction);
  const last = mine.at(-1);
  const isStopped = last?.type === 'stopped' || last?.type === 'blocked';
  const isSettled = isStopped && last.reason.kind === 'cloudError' && last.reason.settled;
  return !isSettled && findDoubt(step, events, direction) !== null;
}

/** 6. The journal ends as the run ended, and what it says is and isn't applied agrees with the cloud. */
export function checkEnd(result: RunState, witness: Witness): string | null {
  const last = witness.events.at(-1);
  const ending = last?.type === 'finished' ? last.result : last?.type === 'blocked' ? 'stopped' : last?.type;
  if (ending !== result) return `the run is ${result}, its journal ends in ${ending}`;
  for (const ref of listObjects(witness.plan)) {
    // The journal says nothing about what others have changed.
    if (witness.editCount(ref) > 0) continue;
    const found = readObject(witness.stock(), ref).state;
    const journalled = journalledStates(ref, witness);
    if (!journalled.some((state) => sameState(state, found))) {
      return `${result}: ${objectKey(ref)} is ${JSON.stringify(found)}, journalled is ${JSON.stringify(journalled)}`;
    }
  }
  return null;
}

/** 6. A run that reports being rolled back has restored everything that no one else has changed, old TTLs included. */
export const bringsBack: InvariantCheck<RunEvent> = (event, witness) => {
  if (event.type !== 'finished' || event.result !== 'rolledBack') return null;
  for (const ref of listObjects(witness.plan)) {
    const before = readObject(witness.first, ref).state;
    const found = readObject(witness.stock(), ref).state;
    if (witness.editCount(ref) > 0 || sameState(found, before)) continue;
    return `rolledBack: ${objectKey(ref)} is ${JSON.stringify(found)}, not as before`;
  }
  return null;
};
