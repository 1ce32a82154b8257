import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';
import type { Reading, WriteReceipt } from '@/lib/cloud/port';
import { isTransient } from '@/lib/cloud/transient';
import { resolveIds } from '@/lib/estate/call';
import type { KeptWeight } from '@/lib/estate/record-shares';
import { invariant } from '@/lib/invariant';
import type { WriteStep } from '@/lib/plan/model/model';
import { findDoubt, findForwardDoubt } from '@/lib/run/model/history';
import type { RunEvent } from '@/lib/run/model/model';
import { doubtfulFailuresMax, lastLookWithinMs, readBackWithinMs } from '@/lib/run/model/retry';
import { yielded } from '@/lib/run/model/symbols';
import { acceptedWeights } from './kept-weights';
import { pauseToRetry, roundEnd } from './patience';
import {
  compare,
  isNamed,
  mayArrive,
  readAfterFailure,
  readUntilChanged,
  readUntilNamed,
  settle,
  settleForward,
} from './settle';
import { hasPassedT1, recordEvent, type StepContext, type StepResult } from './step-context';

/* One write, safe to run again at any point.  The journal has an `intent` before each call. A step that finds an intent without a known outcome was interrupted between sending and recording: it waits for a call that may still arrive and reads the object. Only when the object is still as before is the call sent (again). A state that is neither before nor after was caused by somebody else, and the run holds instead of overwriting it. */

/** Returns whether a read is recent. A clock that was set back says nothing about its age. */
function isRecent(reading: Reading, { clock }: StepContext): boolean {
  const ageMs = clock.now().getTime() - reading.at.getTime();
  return ageMs >= 0 && ageMs <= lastLookWithinMs;
}

/** The code of an apply write whose turn came only after T1: it was not sent. */
const afterT1Code = 'Refused.AfterT1';

function refuseAfterT1({ call }: WriteStep): CloudError {
  return new CloudError({
    code: afterT1Code,
    message: 'T1 has passed: nothing is applied any more',
    requestId: null,
    action: call.action,
    region: call.region,
    mayHaveHappened: false,
    advice: 'giveUp',
  });
}

/** Returns whether the cloud has rejected the content of a call, and not its sender or time. */
function isValueRefused({ code }: CloudErrorData): boolean {
  return code.startsWith('InvalidParameter');
}

type Outcome = Extract<RunEvent, { type: 'stepDone' }>['outcome'];

/** Returns the event that records a call that the cloud has accepted. */
export function acceptedOf(step: WriteStep, { requestId, taskId, loadBalancerId }: WriteReceipt) {
  const isMade = step.call.action === 'CreateLoadBalancer' && loadBalancerId !== null;
  const accepted = { type: 'accepted', stepId: step.id, requestId, taskId } as const;
  return isMade ? { ...accepted, loadBalancerId } : accepted;
}

async function send(
  step: WriteStep,
  context: StepContext,
  look: () => Promise<Reading>,
  reading: Reading,
  attempt: number,
): Promise<string> {
  const { call, missing } = resolveIds(step.call, reading.ids);
  invariant(
    missing.length === 0,
    `${step.id} knows the ids ${missing.join(', ')} once its object reads as expected`,
  );
  await recordEvent(context, { type: 'intent', stepId: step.id, action: call.action, attempt });
  await context.faultPoint('afterIntent', step.id);
  // Most writes wait for their turn, which may take minutes, and read again. One that is sent at once has just been
  // read.
  const isUnchanged = async () => {
    const unchanged = isRecent(reading, context) || compare(step, await look()) === 'before';
    if (hasPassedT1(context)) throw refuseAfterT1(step);
    return unchanged;
  };
  const receipt = await context.cloud.write(call, isUnchanged);
  await context.faultPoint('afterCall', step.id);
  const { requestId } = receipt;
  await recordEvent(context, acceptedOf(step, receipt));
  await context.faultPoint('afterRecord', step.id);
  await context.cloud.wait(receipt);
  return requestId;
}

/**
 * Runs one write step to its end, or until a round of retrying is over; see the note at the top of this file.
 * @param look reads the object once: others wait for their turn meanwhile, so that it is not retried
 * @param events the journal of earlier processes, attempts and rounds
 * @throws CloudError at the end of the round, when its cause is transient
 */
export async function runWriteStep(
  step: WriteStep,
  context: StepContext,
  look: () => Promise<Reading>,
  events: readonly RunEvent[],
): Promise<StepResult> {
  const startedAt = context.clock.now().getTime();
  const end = roundEnd(context);
  const finish = async (
    outcome: Outcome,
    requestId: string | null,
    { ids: found }: Reading,
    keptWeights: readonly KeptWeight[] | null = null,
  ): Promise<StepResult> => {
    const durationMs = context.clock.now().getTime() - startedAt;
    const ids = yielded(step, found);
    const more = { ...(ids === undefined ? {} : { ids }), ...(keptWeights === null ? {} : { keptWeights }) };
    await recordEvent(context, {
      type: 'stepDone',
      stepId: step.id,
      outcome,
      requestId,
      durationMs,
      ...more,
    });
    return { kind: 'done' };
  };
  const foreign = (reading: Reading): StepResult => {
    const { object, before } = step;
    return { kind: 'hold', reason: { kind: 'drift', object, expected: before, found: reading.state } };
  };

  const doubt = findDoubt(step, events, context.direction);
  const forward = doubt === null ? findForwardDoubt(step, context.plan, events) : null;
  const settled = doubt ? await settle(step, context, doubt) : null;
  let reading =
    settled?.reading ??
    (forward ? await settleForward(step, context, forward) : await context.cloud.read(step.object));
  let mayBeOurs = doubt !== null;
  // A rule may still change after we have stopped watching; a record's index lags no longer than we watch.
  let isUnsettled = settled !== null && !settled.isOver && step.call.service === 'clb';
  let doubtfulFailures = 0;

  const notEffective = ({ state: found }: Reading): StepResult => {
    const { object, after } = step;
    return { kind: 'hold', reason: { kind: 'notEffective', object, expected: after, found } };
  };

  for (let attempt = 1; ; attempt += 1) {
    reading = await readUntilNamed(step, context, reading);
    if (!isNamed(step, reading)) return notEffective(reading);
    const found = compare(step, reading);
    if (found === 'after') return finish(mayBeOurs ? 'readBack' : 'already', null, reading);
    if (found === 'foreign') return foreign(reading);
    let requestId: string;
    try {
      requestId = await send(step, context, look, reading, attempt);
      await context.retries.answered(step, 'write', context);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      await recordEvent(context, { type: 'callFailed', stepId: step.id, error: error.data });
      if (error.data.code === afterT1Code) return { kind: 'turn', why: { kind: 'T1' } };
      const passes = isTransient(error.data);
      if (passes)
        await context.retries.failed(step, 'write', { kind: 'cloudError', error: error.data }, context);
      else if (error.data.advice === 'readBack') doubtfulFailures += 1;
      mayBeOurs ||= error.data.mayHaveHappened;
      isUnsettled ||= mayArrive(error.data) && step.call.service === 'clb';
      await pauseToRetry(attempt, error.data, passes ? end : Number.POSITIVE_INFINITY, context);
      reading = await readAfterFailure(step, context, error.data);
      if (compare(step, reading) !== 'before') continue;
      if (passes) {
        if (context.clock.now().getTime() >= end) throw error;
      } else if (error.data.advice === 'giveUp' || doubtfulFailures >= doubtfulFailuresMax) {
        const kept = isValueRefused(error.data) ? acceptedWeights(step, context, reading) : null;
        if (kept !== null) return finish('kept', error.data.requestId, reading, kept);
        return { kind: 'hold', reason: { kind: 'cloudError', error: error.data, settled: !isUnsettled } };
      }
      continue;
    }
    const result = await readUntilNamed(
      step,
      context,
      await readUntilChanged(step, context, readBackWithinMs),
    );
    if (compare(step, result) === 'foreign') return foreign(result);
    if (compare(step, result) === 'after' && isNamed(step, result))
      return finish('applied', requestId, result);
    const kept = compare(step, result) === 'before' ? acceptedWeights(step, context, result) : null;
    return kept === null ? notEffective(result) : finish('kept', requestId, result, kept);
  }
}
