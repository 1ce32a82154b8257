'use server';

import 'server-only';
import { z } from 'zod';
import type { CancelScheduleAction, RescheduleAction } from '@/lib/contract/run';
import { CutoverRequest } from '@/lib/diversion/cutover';
import { ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { hasBegun } from '@/lib/run/model/schedule-change';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { checkPlan, checkTimes } from '@/lib/store/plans/check-apply';
import { readPlan } from '@/lib/store/plans/read-plan';
import { refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';
import { checkFree, restartRun } from '@/lib/store/runs/insert-run';
import { loadRun } from '@/lib/store/runs/load-run';
import { cancelWaiting, readWaiting, wakeWaiting } from '@/lib/store/runs/waiting-run';
import { guardCutover } from './guard-cutover';

const Reason = z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong');

const RescheduleInput = z.object({
  runId: RunId,
  cutover: CutoverRequest,
  reason: Reason,
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
});

/**
 * Reschedules a scheduled run that has not started. The plan and its approvals stay valid, because a plan contains no
 * times. The checks of a new schedule apply.
 */
export const rescheduleRun = verb(
  'run.reschedule',
  RescheduleInput,
  ({ runId }) => ({ run: runId }),
  async ({ runId, cutover: requested, reason, typedDomain }, actor, note): ReturnType<RescheduleAction> => {
    const { database, engine } = await serverContext();
    const stored = await loadRun(database.db, runId);
    if (stored === null) return refuse('run.gone', { run: runId });
    // Checked first: a run that has started is refused with that reason, independently of its plan.
    if (hasBegun(stored)) return refuse('run.scheduleBegun', { run: runId });
    const { planId } = stored;
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    const cutover = guardCutover(requested, view, note);
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
    await wakeWaiting(changed.value, actor.name, reason);
    return ok({ runId });
  },
);

const CancelInput = z.object({ runId: RunId, reason: Reason });

/**
 * Cancels the schedule of a run that has not started. Its plan can then be scheduled or applied again, with its
 * existing approvals.
 */
export const cancelSchedule = verb(
  'run.cancelSchedule',
  CancelInput,
  ({ runId }) => ({ run: runId }),
  async ({ runId, reason }, { name: actor }): ReturnType<CancelScheduleAction> => {
    const { database } = await serverContext();
    const canceled = await exclusively(database.pool, (decision) =>
      cancelWaiting(decision, runId, { actor, reason }),
    );
    if (!canceled.ok) return canceled;
    await wakeWaiting(canceled.value, actor, reason);
    return ok(null);
  },
);
