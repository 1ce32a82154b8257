import type { Reading } from '@/lib/cloud/port';
import type { ObjectState } from '@/lib/estate/object';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import { type KeptWeight, sharesAsWanted } from '@/lib/estate/record-shares';
import type { WriteStep } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunCloud, StepContext } from './step-context';

/*
 * DNSPod may keep a weight that should be removed: it responds as if it had removed it, or rejects the call. The record
 * then keeps it, as long as all answering records have the intended shares, and the journal records that.
 */

/** A read of the cloud. `found` includes the kept weights, which the state omits. */
type KeptReading = Reading & { readonly found?: ObjectState };

type StepDone = Extract<RunEvent, { type: 'stepDone' }>;

/** Returns the weight that a state gives a record; null if the record has none or is missing. */
function weightIn(state: ObjectState, key: string): number | null {
  if (state.kind !== 'recordSet') return null;
  return state.records.find((record) => recordKey(record) === key)?.weight || null;
}

/** Returns the kept weights that completed steps have found on the object of this one. */
function keptBefore(step: WriteStep, { steps, direction }: StepContext, events: readonly RunEvent[]) {
  const found = events.filter(
    (event): event is StepDone =>
      event.type === 'stepDone' && event.direction === direction && event.keptWeights !== undefined,
  );
  // Almost always: the objects of hundreds of steps are not compared for each of them.
  if (found.length === 0) return [];
  const key = objectKey(step.object);
  const isSameObject = new Set(
    steps.flatMap((other) => (other.kind === 'write' && objectKey(other.object) === key ? [other.id] : [])),
  );
  return found.flatMap(({ stepId, keptWeights = [] }) => (isSameObject.has(stepId) ? keptWeights : []));
}

/**
 * Returns a cloud whose reads omit the weights that earlier steps of the run have found to be kept, on records that
 * have none in every state of this step: comparisons then work as if the weights had been removed.
 * @param events the journal so far
 */
export function withoutKeptWeights(
  step: WriteStep,
  cloud: RunCloud,
  context: StepContext,
  events: readonly RunEvent[],
): RunCloud {
  const kept = keptBefore(step, context, events);
  if (kept.length === 0) return cloud;
  const isDone = events.some(
    (event) => event.type === 'stepDone' && event.direction === context.direction && event.stepId === step.id,
  );
  const states = isDone ? [step.after] : [step.before, step.after];
  const isLeftOut = (key: string, weight: number | null) =>
    kept.some((each) => recordKey(each) === key && each.weight === weight) &&
    states.every((state) => weightIn(state, key) === null);
  const read = async (ref: Parameters<RunCloud['read']>[0]): Promise<KeptReading> => {
    const reading = await cloud.read(ref);
    if (reading.state.kind !== 'recordSet') return reading;
    const records = reading.state.records.map((record) =>
      isLeftOut(recordKey(record), record.weight) ? { ...record, weight: null } : record,
    );
    return { ...reading, state: { ...reading.state, records }, found: reading.state };
  };
  return { ...cloud, read };
}

/**
 * Returns the weights that a step should have removed and that the cloud has kept, if every record that answers at the
 * end of the run's steps has its intended share; otherwise null, and also if the step removes no weight.
 * @param reading as before the step, although its call got a response
 */
export function acceptedWeights(
  step: WriteStep,
  context: StepContext,
  reading: KeptReading,
): readonly KeptWeight[] | null {
  const { before, after } = step;
  const found = reading.found ?? reading.state;
  if (before.kind !== 'recordSet' || after.kind !== 'recordSet' || found.kind !== 'recordSet') return null;
  const kept = before.records.flatMap(({ type, value, weight }) => {
    const stays = after.records.some((r) => recordKey(r) === recordKey({ type, value }) && !r.weight);
    return weight && stays ? [{ type, value, weight }] : [];
  });
  const last = context.steps.findLast(
    (other): other is WriteStep =>
      other.kind === 'write' && objectKey(other.object) === objectKey(step.object),
  );
  const wanted = last?.after ?? after;
  return kept.length > 0 && wanted.kind === 'recordSet' && sharesAsWanted(found, wanted) ? kept : null;
}
