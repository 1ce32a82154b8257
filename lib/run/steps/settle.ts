import { isDeepStrictEqual } from 'node:util';
import { CloudError, type CloudErrorData, taskFailedCode } from '@/lib/cloud/errors';
import type { Reading } from '@/lib/cloud/port';
import { resolveIds } from '@/lib/estate/call';
import { isAbsent, type ObjectState, sameState } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model/model';
import type { Doubt } from '@/lib/run/model/history';
import { inDoubtMs, namedWithinMs, pollMs } from '@/lib/run/model/retry';
import { pause, recordEvent, type StepContext } from './step-context';

/* Compares a write's object with its step, and settles calls whose outcome is unknown. */

/** The state of an object relative to a step. */
type Found = 'before' | 'after' | 'foreign';

/**
 * Returns whether the records that a step would change are all deleted, and those beside them are as the step leaves
 * them.
 */
function areRecordsGone({ before, after }: WriteStep, found: ObjectState): boolean {
  if (before.kind !== 'recordSet' || after.kind !== 'recordSet' || found.kind !== 'recordSet') return false;
  const kept = after.records.filter((record) => before.records.some((b) => isDeepStrictEqual(b, record)));
  return kept.length < before.records.length && sameState(found, { ...found, records: kept });
}

/**
 * In a rollback what is gone is as good as undone, whoever removed it: a rule with its binding, a load balancer, a listener, or
 * the records that the step would change. So are the warm instances of a function that is gone. What went with them can't be
 * brought back by changing it.
 */
export function isGone(step: WriteStep, { state, isGone: isOwnerGone }: Reading): boolean {
  return step.undoes !== null && (isOwnerGone === true || isAbsent(state) || areRecordsGone(step, state));
}

/** Compares a read with a step: as before it, as after it, or foreign. */
export function compare(step: WriteStep, reading: Reading): Found {
  if (reading.isForeign) return 'foreign';
  // A step may start where it ends (nothing to do): after wins.
  if (sameState(reading.state, step.after) || isGone(step, reading)) return 'after';
  return sameState(reading.state, step.before) ? 'before' : 'foreign';
}

/** Reads until the object is no longer as before, or the time is over. */
export async function readUntilChanged(
  step: WriteStep,
  context: StepContext,
  withinMs: number,
): Promise<Reading> {
  const end = context.clock.now().getTime() + withinMs;
  for (;;) {
    const reading = await context.cloud.read(step.object);
    if (compare(step, reading) !== 'before' || context.clock.now().getTime() >= end) return reading;
    await pause(context, pollMs);
  }
}

/**
 * Returns whether a read has the ids that the run needs to continue: those that the step yields, or those that its call
 * names. A load balancer that is still being created has none, and may disappear again.
 */
export function isNamed(step: WriteStep, reading: Reading): boolean {
  switch (compare(step, reading)) {
    case 'after':
      return Object.keys(step.yields ?? {}).every((name) => name in reading.ids);
    case 'before':
      return resolveIds(step.call, reading.ids).missing.length === 0;
    case 'foreign':
      return true;
  }
}

/** Reads again until the ids are known, or the time is over. */
export async function readUntilNamed(
  step: WriteStep,
  context: StepContext,
  given: Reading,
): Promise<Reading> {
  const end = context.clock.now().getTime() + namedWithinMs;
  for (let reading = given; ; reading = await context.cloud.read(step.object)) {
    if (isNamed(step, reading) || context.clock.now().getTime() >= end) return reading;
    await pause(context, pollMs);
  }
}

/** Waits for an interrupted write to end in any way; only the object's state afterwards counts. */
export async function settle(
  step: WriteStep,
  context: StepContext,
  doubt: Doubt,
): Promise<{ readonly reading: Reading; readonly isOver: boolean }> {
  let isOver = false;
  if (doubt.receipt !== null) {
    try {
      await context.cloud.wait(doubt.receipt);
      isOver = !doubt.isOpen;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      isOver = !doubt.isOpen && error.data.code === taskFailedCode;
      await recordEvent(context, { type: 'callFailed', stepId: step.id, error: error.data });
    }
  }
  return { reading: await readUntilChanged(step, context, inDoubtMs[step.object.kind]), isOver };
}

/** Waits, on rollback, for a call of the apply to end first, because otherwise it may take effect after our read. */
export async function settleForward(step: WriteStep, context: StepContext, doubt: Doubt): Promise<Reading> {
  if (doubt.receipt !== null) {
    try {
      await context.cloud.wait(doubt.receipt);
    } catch (error) {
      // A task that is still running must be waited for; one that failed is over.
      if (!(error instanceof CloudError) || error.data.code !== taskFailedCode) throw error;
    }
  }
  const end = context.clock.now().getTime() + inDoubtMs[step.object.kind];
  for (;;) {
    const reading = await context.cloud.read(step.object);
    if (compare(step, reading) !== 'after' || context.clock.now().getTime() >= end) return reading;
    await pause(context, pollMs);
  }
}

/** Returns whether a failed call may still take effect; a task that has failed is over. */
export function mayArrive(error: CloudErrorData): boolean {
  return error.mayHaveHappened && error.code !== taskFailedCode;
}

/** Reads the object after a failed call; for a while, if the call may still be arriving. */
export function readAfterFailure(
  step: WriteStep,
  context: StepContext,
  error: CloudErrorData,
): Promise<Reading> {
  return mayArrive(error)
    ? readUntilChanged(step, context, inDoubtMs[step.object.kind])
    : context.cloud.read(step.object);
}
