import 'server-only';
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import * as schema from '@/lib/db/schema';
import { ok, type Result } from '@/lib/result';
import { foldRun, type StoredRun } from '@/lib/run/model/fold-run';
import { liveStates } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { canChangeSchedule, hasBegun, type ScheduleChange } from '@/lib/run/model/schedule-change';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { closeRun } from './close-run';
import type { Decision } from './exclusively';
import { loadRun } from './load-run';

/**
 * Reads a run to reschedule, and prevents it from starting meanwhile: its execution can't record anything with the old
 * fence, and waits here for the end of the transaction.
 */
export async function readWaiting(
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

/** Ends the execution that still waits on a superseded schedule; the fence already prevents its writes. */
export async function wakeWaiting(run: StoredRun, actor: string, reason: string): Promise<void> {
  // A stopped execution ends automatically at its T1.
  if (!liveStates.includes(foldRun(run).state)) return;
  const { engine } = await serverContext();
  await engine.send(
    { runId: run.id, attempt: run.attempts.length },
    { id: randomUUID(), command: 'leaveAsIs', actor, reason },
  );
}

/**
 * Cancels the schedule of a run that has not started. Its execution ends once `wakeWaiting` is called after the
 * transaction.
 */
export async function cancelWaiting(
  decision: Decision,
  runId: RunId,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Promise<Result<StoredRun, ActionError>> {
  const run = await readWaiting(decision, runId, 'cancelSchedule');
  if (!run.ok) return run;
  // A run that no worker has claimed yet is ended by the wake-up message, which its worker receives first.
  if (foldRun(run.value).state !== 'queued') await closeRun(decision.db, run.value, { actor, reason });
  return run;
}
