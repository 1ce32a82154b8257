'use server';

import { z } from 'zod';
import type { ReplanRunAction } from '@/lib/contract/run';
import { ok } from '@/lib/result';
import { foldRun } from '@/lib/run/model/fold-run';
import { canCommand } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { findDiversionId } from '@/lib/server/diversions/get-diversion';
import { verb } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { serverContext } from '@/lib/store/context';
import { makePlan, storePlan } from '@/lib/store/plans/make-plan';
import { refuse } from '@/lib/store/refusal';
import { loadRun } from '@/lib/store/runs/load-run';

const ReplanInput = z.object({
  runId: RunId,
  reason: z.string().trim().max(500, 'reason.tooLong').default(''),
});

/**
 * Re-plans a stopped run's diversion from the current snapshot, for review. The stopped run stays unchanged, with its T1 and
 * its rollback, until the new plan is applied, which ends it. Its applied changes then stay, and the new plan's
 * rollback returns to the state where that plan starts; to undo the rest, roll back the old run afterwards.
 */
export const replanRun = verb(
  'run.replan',
  ReplanInput,
  ({ runId }) => ({ run: runId }),
  async ({ runId, reason }, actor): ReturnType<ReplanRunAction> => {
    const { database, engine } = await serverContext();
    const run = await loadRun(database.db, runId);
    if (run === null) return refuse('run.gone', { run: runId });
    const { state, direction } = foldRun(run);
    if (!canCommand({ state, direction }, 'replan'))
      return refuse('run.cannot.replan', { run: runId, state });
    const { connectionId, diversion, restores } = run.plan;
    const diversionId = await findDiversionId(database.db, run.planId);
    const made = await makePlan(connectionId, diversion, restores);
    if (!made.ok) return made;
    const { plan, estate } = made.value;
    // From before its last write: the plan would repeat changes that the run has made.
    if (estate.takenAt < (run.events.at(-1)?.at ?? '')) {
      for (const id of listConnectionIds(run.plan)) await engine.enqueueSync({ connectionId: id });
      return refuse('run.replanStale', { run: runId });
    }
    if (plan.steps.length === 0) return refuse('run.replanNothing', { run: runId });
    const permitted = await checkPlanAccess(actor, 'run.replan', plan);
    if (!permitted.ok) return permitted;
    return ok({
      planId: await storePlan({ ...made.value, diversionId, replaces: { runId, reason } }, actor),
    });
  },
);
