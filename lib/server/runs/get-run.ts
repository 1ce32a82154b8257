import 'server-only';
import { eq } from 'drizzle-orm';
import type { RunPageView } from '@/lib/contract/run';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { findBlockedRollback } from '@/lib/run/model/find-blocked-rollback';
import { foldRun } from '@/lib/run/model/fold-run';
import { RunId } from '@/lib/run/model/run-id';
import { isCanceled } from '@/lib/run/model/schedule-change';
import { findDiversionId } from '@/lib/server/diversions/get-diversion';
import { unchangedReads } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readApprovalCount } from '@/lib/store/plans/read-approvals';
import { getFigureIntervals } from '@/lib/store/refusal';
import { loadRun } from '@/lib/store/runs/load-run';
import { readReplaced, readSuccessor } from '@/lib/store/runs/read-replaced';

const readRun = unchangedReads(async (runId: RunId): Promise<RunPageView | null> => {
  const { database, settings } = await serverContext();
  const { db } = database;
  const run = await loadRun(db, runId);
  if (run === null) return null;
  const [diversionId, replaces, replacedBy, stored, count] = await Promise.all([
    findDiversionId(db, run.planId),
    readReplaced(db, run.planId),
    readSuccessor(db, runId),
    readStored(db, runId),
    readApprovalCount(db, run.planId),
  ]);
  invariant(diversionId !== null, 'a run belongs to a plan, and that to a diversion');
  return {
    ...foldRun(run),
    diversionId,
    isCanceled: isCanceled(run),
    replaces,
    replacedBy,
    ...stored,
    breakGlass: count.breakGlass ?? null,
    figureIntervals: getFigureIntervals(settings),
    blocked: findBlockedRollback(run),
  };
});

/**
 * Returns a run in its current state, with the run that it continues and the run that continues it; null if the id is
 * unknown.
 */
export const getRun = query('run.get', RunId, (runId) => ({ run: runId }), readRun);

/** Reads the data stored with a run besides its journal. */
async function readStored(
  db: Database,
  runId: RunId,
): Promise<Pick<RunPageView, 'prunedAt' | 'failoverProbes'>> {
  const { prunedAt, failoverProbes } = runs;
  const [row] = await db.select({ prunedAt, failoverProbes }).from(runs).where(eq(runs.id, runId));
  return { prunedAt: row?.prunedAt?.toISOString() ?? null, failoverProbes: row?.failoverProbes ?? null };
}
