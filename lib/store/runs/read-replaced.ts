import { desc, eq } from 'drizzle-orm';
import type { ReplacedRunView, RunBaselineView, SuccessorView } from '@/lib/contract/run';
import type { Database } from '@/lib/db/database';
import { plans, runs } from '@/lib/db/schema';
import { hasAcknowledgedOutage } from '@/lib/diversion/acknowledgement';
import type { PlanId } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { liveStates } from '@/lib/run/model/model';
import { runEffects, undoList } from '@/lib/run/model/run-effects';
import type { RunId } from '@/lib/run/model/run-id';
import { loadRun } from './load-run';

/** Returns the run that a plan continues; null = it continues none. */
async function replacedBy(db: Database, planId: PlanId): Promise<RunId | null> {
  const [row] = await db.select({ replaces: plans.replaces }).from(plans).where(eq(plans.id, planId));
  return row?.replaces ?? null;
}

function toLeftView(run: RunRecord): RunBaselineView {
  const view = foldRun(run);
  const unsure = new Set(runEffects(view).unsure);
  return {
    runId: run.id,
    state: view.state,
    steps: undoList(view).map((each) => ({ step: each.step, isUnsure: unsure.has(each) })),
  };
}

/**
 * Returns what a plan that continues a stopped run does not roll back: that run's changes in effect, and the runs that it
 * continued itself, newest first.
 */
export async function readReplaced(db: Database, planId: PlanId): Promise<ReplacedRunView | null> {
  const left: RunBaselineView[] = [];
  let first: RunRecord | null = null;
  for (let id = await replacedBy(db, planId); id !== null; ) {
    const run = await loadRun(db, id);
    if (run === null) break;
    first ??= run;
    left.push(toLeftView(run));
    id = await replacedBy(db, run.planId);
  }
  if (first === null) return null;
  const t1 = left[0]?.state === 'stopped' ? (first.cutover?.t1 ?? null) : null;
  return {
    runId: first.id,
    state: left[0]?.state ?? 'closed',
    t1,
    left: left.filter(({ steps }) => steps.length > 0),
  };
}

/** Returns the plans that continue a run, newest first, each with its run. */
async function readSuccessors(db: Database, runId: RunId) {
  const rows = await db
    .select({ planId: plans.id, runId: runs.id })
    .from(plans)
    .leftJoin(runs, eq(runs.planId, plans.id))
    .where(eq(plans.replaces, runId))
    .orderBy(desc(plans.createdAt));
  return Promise.all(
    rows.map(async ({ planId, runId: by }) => ({ planId, run: by === null ? null : await loadRun(db, by) })),
  );
}

/** Returns the runs that continue this one, directly or indirectly, in their current state. */
export async function laterRuns(db: Database, runId: RunId): Promise<readonly RunRecord[]> {
  const own = (await readSuccessors(db, runId)).flatMap(({ run }) => run ?? []);
  const further = await Promise.all(own.map((run) => laterRuns(db, run.id)));
  return [...own, ...further.flat()];
}

/** Returns whether a run has changes in effect, or may still write. */
export function isInEffect(run: RunRecord): boolean {
  const view = foldRun(run);
  return liveStates.includes(view.state) || undoList(view).length > 0;
}

/** Returns what superseded a run, or would if it were applied; null = it has not been re-planned. */
export async function readSuccessor(db: Database, runId: RunId): Promise<SuccessorView | null> {
  const all = await readSuccessors(db, runId);
  const chosen = all.find(({ run }) => run !== null) ?? all[0];
  if (chosen === undefined) return null;
  const { planId, run } = chosen;
  if (run === null) return { planId, runId: null, state: null, hasOutage: false, inEffect: null };
  const later = await laterRuns(db, runId);
  return {
    planId,
    runId: run.id,
    state: foldRun(run).state,
    hasOutage: hasAcknowledgedOutage(run.plan.diversion),
    inEffect: later.find(isInEffect)?.id ?? null,
  };
}
