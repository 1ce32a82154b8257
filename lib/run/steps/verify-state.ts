import { sameState } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { withoutKeptWeights } from './kept-weights';
import { isGone } from './settle';
import type { StepContext, StepResult } from './step-context';

/**
 * Reads an object that a done step has left in its `after`; any other state is a foreign change.
 * @param events the journal so far
 */
export async function verifyState(
  step: WriteStep,
  context: StepContext,
  events: readonly RunEvent[],
): Promise<StepResult> {
  const reading = await withoutKeptWeights(step, context, events).cloud.read(step.object);
  const { state: found } = reading;
  if (sameState(found, step.after) || isGone(step, reading)) return { kind: 'done' };
  return { kind: 'hold', reason: { kind: 'drift', object: step.object, expected: step.after, found } };
}
