import { CloudError, type CloudErrorData, taskFailedCode } from '@/lib/cloud/errors';
import type { Reading } from '@/lib/cloud/port';
import { isTransient } from '@/lib/cloud/transient';
import { type KnownIds, resolveIds } from '@/lib/estate/call';
import type { RecordSetState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import type { KeptWeight } from '@/lib/estate/record-shares';
import { invariant } from '@/lib/invariant';
import type { WriteStep } from '@/lib/plan/model/model';
import { type Doubt, findDoubt, findForwardDoubt } from '@/lib/run/model/history';
import type { Problem, RunEvent, StopReason } from '@/lib/run/model/model';
import { yielded } from '@/lib/run/model/placeholders';
import {
  doubtfulFailuresMax,
  inDoubtAfterFailureMs,
  inDoubtMs,
  lastReadWithinMs,
  namedWithinMs,
  readBackWithinMs,
} from '@/lib/run/model/retry';
import { acceptedWeights } from './kept-weights';
import { compare, isNamed, readUntil, type Until } from './read-until';
import { pauseToRetry, type Round } from './retries';
import { type StepCloud, stepCloud } from './run-cloud';
import { hasPassedT1, recordAccepted, recordEvent, type StepContext, type StepResult } from './step-context';

/*
 * One write, safe to run again at any point.
 *
 * The journal has an `intent` before each call. A step that finds an intent without a known outcome was interrupted
 * between sending and recording: it waits for a call that may still arrive and reads the object. The call is sent
 * (again) only if the object is still as before. A state that is neither before nor after is a foreign change: the run
 * stops instead of overwriting it.
 */

/** Returns whether a read is recent. If the clock was set back, its age is unknown. */
function isRecent(reading: Reading, { clock }: StepContext): boolean {
  const ageMs = clock.now().getTime() - reading.at.getTime();
  return ageMs >= 0 && ageMs <= lastReadWithinMs;
}

/** The code of an apply write that reached the front of its queue only after T1: it was not sent. */
const afterT1Code = 'Refused.AfterT1';
/** The code of an apply write that a safety rule refuses: it was not sent. */
const bySafetyRuleCode = 'Refused.SafetyRule';

/**
 * DNSPod's code for a record that exists: after a lost response, the first call has created it
 * (https://cloud.tencent.com/document/api/1427/56180).
 */
const recordExistsCode = 'InvalidParameter.DomainRecordExist';

function refuseWrite({ call }: WriteStep, code: string, message: string): CloudError {
  return new CloudError({
    code,
    message,
    requestId: null,
    action: call.action,
    region: call.region,
    mayHaveHappened: false,
    advice: 'giveUp',
  });
}

/** Refuses a write of an apply that a safety rule doesn't allow now; a rollback is always allowed. */
async function confirmRules(
  step: WriteStep,
  { direction, validator, plan }: StepContext,
  onRefused: (problems: readonly Problem[]) => void,
): Promise<void> {
  if (direction === 'rollback') return;
  const problems = await validator.checkWrite(step, plan);
  if (problems.length === 0) return;
  onRefused(problems);
  throw refuseWrite(step, bySafetyRuleCode, 'a safety rule refuses this change');
}

/** Returns whether the cloud has rejected the content of a call, not its credentials or timing. */
function isValueRefused({ code }: CloudErrorData): boolean {
  return code.startsWith('InvalidParameter');
}

type Outcome = Extract<RunEvent, { type: 'stepDone' }>['outcome'];

/** Returns the ids of the records in a state, as a read has found them. */
function pickRecordIds({ records }: RecordSetState, found: KnownIds): KnownIds {
  return Object.fromEntries(
    records.flatMap((record) => {
      const id = found[recordKey(record)];
      return id === undefined ? [] : [[recordKey(record), id]];
    }),
  );
}

/**
 * Sends the call of a step once, and waits for its task.
 * @param onRefused gets the safety rules that refuse it
 * @returns its request id
 */
async function send(
  step: WriteStep,
  cloud: StepCloud,
  context: StepContext,
  reading: Reading,
  attempt: number,
  onRefused: (problems: readonly Problem[]) => void,
): Promise<string> {
  const { call, missing } = resolveIds(step.call, reading.ids);
  invariant(
    missing.length === 0,
    `${step.id} knows the ids ${missing.join(', ')} once its object reads as expected`,
  );
  await recordEvent(context, { type: 'intent', stepId: step.id, action: call.action, attempt });
  await context.faultPoint('afterIntent', step.id);
  // Most writes wait in a queue, possibly for minutes, and then read again. A write that is sent at once has just been
  // read. The read is the last thing before the call: the rules may take as long as the database does.
  const isUnchanged = async () => {
    await confirmRules(step, context, onRefused);
    const unchanged =
      isRecent(reading, context) || compare(step, await cloud.readOnce(step.object)) === 'before';
    if (hasPassedT1(context))
      throw refuseWrite(step, afterT1Code, 'T1 has passed: nothing is applied any more');
    return unchanged;
  };
  const receipt = await cloud.write(call, isUnchanged);
  await context.faultPoint('afterCall', step.id);
  await recordAccepted(context, step, receipt);
  await context.faultPoint('afterRecord', step.id);
  await cloud.wait(receipt);
  return receipt.requestId;
}

/**
 * Waits for the task of an interrupted call of this step to end in any way; only the object's state afterwards counts.
 * @returns whether the call can no longer take effect
 */
async function waitForOwn(
  step: WriteStep,
  cloud: StepCloud,
  context: StepContext,
  { receipt, isOpen }: Doubt,
): Promise<boolean> {
  if (receipt === null) return false;
  try {
    await cloud.wait(receipt);
    return !isOpen;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    await recordEvent(context, { type: 'callFailed', stepId: step.id, error: error.data });
    return !isOpen && error.data.code === taskFailedCode;
  }
}

/**
 * Waits, on rollback, for a call of the apply to end, because otherwise it may take effect after our read. If the cloud
 * doesn't know its task any more, only the object's state counts.
 */
async function waitForForward(cloud: StepCloud, { receipt }: Doubt): Promise<void> {
  if (receipt === null) return;
  try {
    await cloud.wait(receipt);
  } catch (error) {
    // A task in progress must be awaited; a failed one has ended.
    if (!(error instanceof CloudError) || isTransient(error.data)) throw error;
  }
}

/** Returns whether a failed call may still take effect; a failed task has ended. */
function mayArrive(error: CloudErrorData): boolean {
  return error.mayHaveHappened && error.code !== taskFailedCode;
}

/**
 * Runs one write step to its end, or to the end of a round of retries; see the note at the top of this file.
 * @param events the journal of earlier processes, attempts and rounds
 * @throws CloudError at the end of the round, if its cause is transient
 */
export async function runWriteStep(
  step: WriteStep,
  round: Round,
  context: StepContext,
  events: readonly RunEvent[],
): Promise<StepResult> {
  const { clock, direction, plan, retries } = context;
  const { object, before, after } = step;
  const startedAt = clock.now().getTime();
  const finish = async (
    outcome: Outcome,
    requestId: string | null,
    { ids: found }: Reading,
    keptWeights: readonly KeptWeight[] | null = null,
  ): Promise<StepResult> => {
    const durationMs = clock.now().getTime() - startedAt;
    const ids = yielded(step, found);
    const more = {
      ...(ids === undefined ? {} : { ids }),
      ...(keptWeights === null ? {} : { keptWeights }),
      ...(after.kind === 'recordSet' ? { recordIds: pickRecordIds(after, found) } : {}),
      ...(after.kind === 'rule' && after.exists ? { ruleId: String(found.LocationId) } : {}),
    };
    const done = { type: 'stepDone', stepId: step.id, outcome, requestId, durationMs } as const;
    await recordEvent(context, { ...done, ...more });
    return { kind: 'done' };
  };
  const stop = (reason: StopReason): StepResult => ({ kind: 'stop', reason });

  const cloud = stepCloud(step, round, context, events);
  const read = (until: Until, given?: Reading) => readUntil(step, cloud, context, until, given);
  const once: Until = { is: () => true, withinMs: 0 };
  const named: Until = { is: isNamed, withinMs: namedWithinMs };
  /** For a write that may still arrive; `state` is how the object reads until then. */
  const arrived = (state: 'before' | 'after', withinMs: number): Until => ({
    is: (_step, reading) => compare(step, reading) !== state,
    withinMs,
  });
  /** A watch that an earlier round has begun is not begun again. If the clock was set back, it lasts no longer. */
  const watchMs = ({ failedAt }: Pick<Doubt, 'failedAt'>): number => {
    if (failedAt === null) return inDoubtMs[object.kind];
    const wholeMs = object.kind === 'loadBalancer' ? inDoubtMs.loadBalancer : inDoubtAfterFailureMs;
    return Math.min(wholeMs, Date.parse(failedAt) + wholeMs - clock.now().getTime());
  };

  const doubt = findDoubt(step, events, direction);
  const forward = doubt === null ? findForwardDoubt(step, plan, events) : null;
  const isOver = doubt === null || (await waitForOwn(step, cloud, context, doubt));
  if (forward !== null) await waitForForward(cloud, forward);
  let reading = await read(
    doubt !== null
      ? arrived('before', watchMs(doubt))
      : forward !== null
        ? arrived('after', watchMs(forward))
        : once,
  );
  let mayBeOurs = doubt !== null;
  // A rule may still change after the watch has ended; a record's index lags no longer than the watch.
  let isUnsettled = !isOver && step.call.service === 'clb';
  let doubtfulFailures = 0;
  /** The request id of the call once it has succeeded: from then on only its result is read. */
  let applied: string | null = null;

  for (let attempt = 1; ; attempt += 1) {
    reading = await read(named, reading);
    const notEffective = { kind: 'notEffective', object, expected: after, found: reading.state } as const;
    if (!isNamed(step, reading)) return stop(notEffective);
    const found = compare(step, reading);
    if (found === 'foreign') return stop({ kind: 'drift', object, expected: before, found: reading.state });
    if (found === 'after')
      return finish(applied !== null ? 'applied' : mayBeOurs ? 'readBack' : 'already', applied, reading);
    if (applied !== null) {
      const kept = acceptedWeights(step, context, reading);
      return kept === null ? stop(notEffective) : finish('kept', applied, reading, kept);
    }
    let refusals: readonly Problem[] = [];
    const sent = await send(step, cloud, context, reading, attempt, (problems) => {
      refusals = problems;
    }).catch((error: unknown) => {
      if (error instanceof CloudError) return error;
      throw error;
    });
    if (!(sent instanceof CloudError)) {
      applied = sent;
      await retries.answered(step, 'write', context);
      reading = await read(arrived('before', readBackWithinMs));
      continue;
    }
    const error = sent.data;
    const failedAt = clock.now().toISOString();
    await recordEvent(context, { type: 'callFailed', stepId: step.id, error });
    if (error.code === afterT1Code) return { kind: 'rollback', why: { kind: 'T1' } };
    if (error.code === bySafetyRuleCode) return stop({ kind: 'invalid', problems: refusals });
    const passes = isTransient(error);
    if (passes) await retries.failed(step, 'write', { kind: 'cloudError', error }, context);
    else if (error.advice === 'readBack') doubtfulFailures += 1;
    mayBeOurs ||= error.mayHaveHappened;
    isUnsettled ||= mayArrive(error) && step.call.service === 'clb';
    await pauseToRetry(attempt, error, passes ? round.endMs : Number.POSITIVE_INFINITY, context);
    const isListedLate = mayBeOurs && error.code === recordExistsCode;
    reading = await read(
      isListedLate
        ? arrived('before', readBackWithinMs)
        : mayArrive(error)
          ? arrived('before', watchMs({ failedAt }))
          : once,
    );
    if (compare(step, reading) !== 'before') continue;
    if (passes) {
      if (clock.now().getTime() >= round.endMs) throw sent;
    } else if (error.advice === 'giveUp' || doubtfulFailures >= doubtfulFailuresMax) {
      const kept = isValueRefused(error) ? acceptedWeights(step, context, reading) : null;
      if (kept !== null) return finish('kept', error.requestId, reading, kept);
      return stop({ kind: 'cloudError', error, settled: !isUnsettled });
    }
  }
}
