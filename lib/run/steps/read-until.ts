import { isDeepStrictEqual } from 'node:util';
import type { Reading } from '@/lib/cloud/port';
import { resolveIds } from '@/lib/estate/call';
import type { ObjectState } from '@/lib/estate/object';
import { isAbsent, sameState } from '@/lib/estate/object-state';
import type { WriteStep } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { readPauses } from '@/lib/run/model/retry';
import { pollPauseMs } from '@/lib/timing/backoff';
import type { Round } from './retries';
import { type StepCloud, stepCloud } from './run-cloud';
import { pause, type StepContext, type StepResult } from './step-context';

/* Reads a write's object, and compares it with its step. */

/** The state of an object relative to a step. */
type Found = 'before' | 'after' | 'foreign';

/**
 * Returns whether the records that a step would change are all deleted, and the other records are as the step leaves
 * them.
 */
function areRecordsGone({ before, after }: WriteStep, found: ObjectState): boolean {
  if (before.kind !== 'recordSet' || after.kind !== 'recordSet' || found.kind !== 'recordSet') return false;
  const kept = after.records.filter((record) => before.records.some((b) => isDeepStrictEqual(b, record)));
  return kept.length < before.records.length && sameState(found, { ...found, records: kept });
}

/**
 * In a rollback, an object deleted by anyone counts as undone: a rule with its binding, a load balancer, a listener, or
 * the records that the step would change. So do the warm instances of a deleted function. No change can restore a
 * deleted object.
 */
function isGone(step: WriteStep, { state, isGone: isOwnerGone }: Reading): boolean {
  return step.undoes !== null && (isOwnerGone === true || isAbsent(state) || areRecordsGone(step, state));
}

/** Compares a read with a step: as before it, as after it, or foreign. */
export function compare(step: WriteStep, reading: Reading): Found {
  if (reading.isForeign) return 'foreign';
  // A step may start where it ends (nothing to do): after takes precedence.
  if (sameState(reading.state, step.after) || isGone(step, reading)) return 'after';
  return sameState(reading.state, step.before) ? 'before' : 'foreign';
}

/**
 * Returns whether a read has the ids that the run needs to continue: those that the step yields, or those that its call
 * names. A load balancer in creation has none, and may disappear again.
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

/** The reading to wait for, and the timeout, after which the last reading counts: a timeout is no failure. */
export type Until = {
  readonly is: (step: WriteStep, reading: Reading) => boolean;
  readonly withinMs: number;
};

/**
 * Reads a step's object, at growing intervals, until a read is as intended, or times out. Transient failures of a read are retried by
 * `retriedCloud`; any other failure is thrown.
 * @param given the first reading
 */
export async function readUntil(
  step: WriteStep,
  cloud: Pick<StepCloud, 'read'>,
  context: StepContext,
  { is, withinMs }: Until,
  given?: Reading,
): Promise<Reading> {
  const now = () => context.clock.now().getTime();
  const end = now() + withinMs;
  for (let reads = 1, reading = given; ; reads += 1, reading = undefined) {
    reading ??= await cloud.read(step.object);
    const leftMs = end - now();
    if (is(step, reading) || leftMs <= 0) return reading;
    await pause(context, Math.min(leftMs, pollPauseMs(reads, readPauses, context.random)));
  }
}

/**
 * Reads an object that a completed step has left in its `after`; any other state is a foreign change.
 * @param events the journal so far
 */
export async function verifyState(
  step: WriteStep,
  round: Round,
  context: StepContext,
  events: readonly RunEvent[],
): Promise<StepResult> {
  const reading = await stepCloud(step, round, context, events).read(step.object);
  const { state: found } = reading;
  if (sameState(found, step.after) || isGone(step, reading)) return { kind: 'done' };
  return { kind: 'stop', reason: { kind: 'drift', object: step.object, expected: step.after, found } };
}
