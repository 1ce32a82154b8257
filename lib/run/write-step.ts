import { CloudError, type CloudErrorData, taskFailedCode } from '@/lib/cloud/errors';
import type { Reading } from '@/lib/cloud/port';
import { resolveIds } from '@/lib/estate/call';
import { sameState } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import type { WriteStep } from '@/lib/plan/model';
import { type Doubt, findDoubt } from './history';
import type { RunEvent } from './model';
import {
  backoffMs,
  doubtfulFailuresMax,
  inDoubtMs,
  pollMs,
  readBackWithinMs,
  writeAttemptsMax,
} from './retry';
import { pause, record, type StepContext, type StepResult } from './step-context';

/*
 * One write, safe to run again at any point.
 *
 * The journal has an `intent` before each call. A step that finds an intent without a known outcome was interrupted
 * between sending and recording: it waits for what may still be on its way and reads the object. Only when the
 * object is still as before is the call sent (again). Whatever is neither before nor after was done by somebody
 * else, and the run holds instead of writing over it.
 */

type Outcome = Extract<RunEvent, { type: 'stepDone' }>['outcome'];
type Found = 'before' | 'after' | 'foreign';

/**
 * On the way back a rule that is gone is as good as taken back: nothing of it is bound any more, whoever removed it.
 */
function isGone(step: WriteStep, reading: Reading): boolean {
  return step.undoes !== null && reading.state.kind === 'rule' && !reading.state.exists;
}

function compare(step: WriteStep, reading: Reading): Found {
  // A step may start where it ends (nothing to do): after wins.
  if (sameState(reading.state, step.after) || isGone(step, reading)) return 'after';
  return sameState(reading.state, step.before) ? 'before' : 'foreign';
}

/** Reads until the object is no longer as before, or the time is over. */
async function readUntilChanged(step: WriteStep, context: StepContext, withinMs: number): Promise<Reading> {
  const end = context.clock.now().getTime() + withinMs;
  for (;;) {
    const reading = await context.cloud.read(step.object);
    if (compare(step, reading) !== 'before' || context.clock.now().getTime() >= end) return reading;
    await pause(context, pollMs);
  }
}

/** Lets an interrupted write come to its end, whatever that is; what counts is what the object says afterwards. */
async function settle(step: WriteStep, context: StepContext, doubt: Doubt): Promise<Reading> {
  if (doubt.receipt !== null) {
    try {
      await context.cloud.wait(doubt.receipt);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      await record(context, { type: 'callFailed', stepId: step.id, error: error.data });
    }
  }
  return readUntilChanged(step, context, inDoubtMs[step.object.kind]);
}

/** Whether a failed call may still take effect; a task that has failed is over. */
function mayArrive(error: CloudErrorData): boolean {
  return error.mayHaveHappened && error.code !== taskFailedCode;
}

/** Looks at the object after a failed call; for a while, where the call may still be on its way. */
function readAfterFailure(step: WriteStep, context: StepContext, error: CloudErrorData): Promise<Reading> {
  return mayArrive(error)
    ? readUntilChanged(step, context, inDoubtMs[step.object.kind])
    : context.cloud.read(step.object);
}

async function send(
  step: WriteStep,
  context: StepContext,
  reading: Reading,
  attempt: number,
): Promise<string> {
  const { call, missing } = resolveIds(step.call, reading.ids);
  invariant(
    missing.length === 0,
    `${step.id} knows the ids ${missing.join(', ')} once its object reads as expected`,
  );
  await record(context, { type: 'intent', stepId: step.id, action: call.action, attempt });
  await context.faultPoint('afterIntent', step.id);
  const isUnchanged = async () => compare(step, await context.cloud.read(step.object)) === 'before';
  const receipt = await context.cloud.write(call, isUnchanged);
  await context.faultPoint('afterCall', step.id);
  const { requestId, taskId } = receipt;
  await record(context, { type: 'accepted', stepId: step.id, requestId, taskId });
  await context.faultPoint('afterRecord', step.id);
  await context.cloud.wait(receipt);
  return requestId;
}

/** Runs one write step to its end; see the note at the top of this file. */
export async function runWriteStep(step: WriteStep, context: StepContext): Promise<StepResult> {
  const startedAt = context.clock.now().getTime();
  const finish = async (outcome: Outcome, requestId: string | null): Promise<StepResult> => {
    const durationMs = context.clock.now().getTime() - startedAt;
    await record(context, { type: 'stepDone', stepId: step.id, outcome, requestId, durationMs });
    return { kind: 'done' };
  };
  const foreign = (reading: Reading): StepResult => {
    const { object, before } = step;
    return { kind: 'hold', reason: { kind: 'drift', object, expected: before, found: reading.state } };
  };

  const doubt = findDoubt(step, await context.journal.read(), context.direction);
  let reading = doubt ? await settle(step, context, doubt) : await context.cloud.read(step.object);
  let mayBeOurs = doubt !== null;
  // A rule may still change after we have stopped watching; a record's index lags no longer than we watch.
  let isUnsettled = doubt !== null && doubt.receipt === null && step.object.kind === 'rule';
  let doubtfulFailures = 0;

  for (let attempt = 1; ; attempt += 1) {
    const found = compare(step, reading);
    if (found === 'after') return finish(mayBeOurs ? 'readBack' : 'already', null);
    if (found === 'foreign') return foreign(reading);
    try {
      const requestId = await send(step, context, reading, attempt);
      const result = await readUntilChanged(step, context, readBackWithinMs);
      if (compare(step, result) === 'after') return finish('applied', requestId);
      if (compare(step, result) === 'foreign') return foreign(result);
      const { object, after } = step;
      return { kind: 'hold', reason: { kind: 'notEffective', object, expected: after, found: result.state } };
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      await record(context, { type: 'callFailed', stepId: step.id, error: error.data });
      if (error.data.advice === 'readBack') doubtfulFailures += 1;
      mayBeOurs ||= error.data.mayHaveHappened;
      isUnsettled ||= mayArrive(error.data) && step.object.kind === 'rule';
      await pause(context, backoffMs(attempt + 1));
      reading = await readAfterFailure(step, context, error.data);
      const over = attempt >= writeAttemptsMax || doubtfulFailures >= doubtfulFailuresMax;
      if (compare(step, reading) === 'before' && (error.data.advice === 'giveUp' || over)) {
        return { kind: 'hold', reason: { kind: 'cloudError', error: error.data, settled: !isUnsettled } };
      }
    }
  }
}
