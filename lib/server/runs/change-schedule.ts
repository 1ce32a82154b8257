'use server';

import 'server-only';
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CancelScheduleAction, RescheduleAction } from '@/lib/client/diversion-actions';
import type { ActionError } from '@/lib/client/views';
import * as schema from '@/lib/db/schema';
import { Cutover } from '@/lib/diversion/cutover';
import { ok, type Result } from '@/lib/result';
import { foldRun, type StoredRun } from '@/lib/run/model/fold-run';
import { liveStates, RunId } from '@/lib/run/model/model';
import { canChangeSchedule, hasBegun, type ScheduleChange } from '@/lib/run/model/schedule-change';
import { serverContext } from '@/lib/server/context';
import { closeRun } from '@/lib/server/journal/close-run';
import { type Decision, exclusively } from '@/lib/server/journal/exclusively';
import { loadRun } from '@/lib/server/journal/load-run';
import { readPlan } from '@/lib/server/plans/get-plan';
import { refuse } from '@/lib/server/refusal';
import { verb } from '@/lib/server/verb';
import { checkPlan, checkTimes } from './check-apply';
import { checkFree, restartRun } from './insert-run';

const Reason = z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong');

/**
 * Reads a run whose schedule is to be changed, and keeps it from beginning meanwhile: its execution records nothing more
 * with the old fence, and waits here for the end of the transaction.
 */
async function readWaiting(
  { db }: Decision,
  runId: RunId,
  change: ScheduleChange,
): Promise<Result<StoredRun, ActionError>> {
  await db
    .update(schema.runs)
    .set({ fence: sql`${schema.runs.fence} + 1` })
    .where(eq(schema.runs.id, runId));
  const run = await loadRun(db, runId);
  if (run === null) return refuse('run.gone', { run: runId });
  const { state } = foldRun(run);
  const isBegun = hasBegun(run);
  if (canChangeSchedule(change, { state, isBegun })) return ok(run);
  return refuse(isBegun ? 'run.scheduleBegun' : `run.cannot.${change}`, { run: runId, state });
}

/** Ends the execution that still waits on a schedule that no longer applies; the fence already keeps it from writing. */
async function wakeWaiting(run: StoredRun, actor: string, reason: string): Promise<void> {
  // A held one ends by itself at its T1.
  if (!liveStates.includes(foldRun(run).state)) return;
  const { engine } = await serverContext();
  await engine.send(
    { runId: run.id, attempt: run.attempts.length },
    { id: randomUUID(), command: 'abort', actor, reason },
  );
}

const RescheduleInput = z.object({
  runId: RunId,
  cutover: Cutover,
  reason: Reason,
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
});

/**
 * Gives a scheduled run other times, before it has begun. The plan stays what it is, and so do its approvals: no plan
 * contains times. It is checked like a plan that is scheduled now.
 */
export const rescheduleRun = verb(
  'run.reschedule',
  RescheduleInput,
  ({ runId }) => ({ run: runId }),
  async ({ runId, cutover, reason, typedDomain }, { name: actor }): ReturnType<RescheduleAction> => {
    const { database, engine } = await serverContext();
    const stored = await loadRun(database.db, runId);
    if (stored === null) return refuse('run.gone', { run: runId });
    // First of all: what has begun is refused as such, whatever its plan is now.
    if (hasBegun(stored)) return refuse('run.scheduleBegun', { run: runId });
    const { planId } = stored;
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    const right = await checkPlan(view, cutover, typedDomain);
    if (!right.ok) return right;
    const changed = await exclusively(database.pool, async (decision) => {
      const { stop } = decision;
      if (stop !== null) return refuse('emergencyStop.stopped', { actor: stop.actor, reason: stop.reason });
      const run = await readWaiting(decision, runId, 'reschedule');
      if (!run.ok) return run;
      const kept = await checkTimes(decision.db, view, cutover);
      if (!kept.ok) return kept;
      const runs = decision.runs.filter(({ id }) => id !== runId);
      const free = await checkFree({ ...decision, runs }, { planId, plan: view.plan, cutover });
      if (!free.ok) return free;
      const made = await restartRun(decision, engine, run.value, { cutover, guards: [], actor, reason });
      return made.ok ? run : made;
    });
    if (!changed.ok) return changed;
    await wakeWaiting(changed.value, actor, reason);
    return ok({ runId });
  },
);

const CancelInput = z.object({ runId: RunId, reason: Reason });

/**
 * Cancels the schedule of a run that has not begun. Its plan can then be scheduled or applied again, with the approvals that
 * it has.
 */
export const cancelSchedule = verb(
  'run.cancelSchedule',
  CancelInput,
  ({ runId }) => ({ run: runId }),
  async ({ runId, reason }, { name: actor }): ReturnType<CancelScheduleAction> => {
    const { database } = await serverContext();
    const canceled = await exclusively(database.pool, async (decision) => {
      const run = await readWaiting(decision, runId, 'cancelSchedule');
      if (!run.ok) return run;
      // A run that no worker has claimed yet is ended by the message below: its worker gets it before anything else.
      if (foldRun(run.value).state !== 'queued') await closeRun(decision.db, run.value, { actor, reason });
      return run;
    });
    if (!canceled.ok) return canceled;
    await wakeWaiting(canceled.value, actor, reason);
    return ok(null);
  },
);
