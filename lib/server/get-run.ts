import 'server-only';
import type { RunPageView } from '@/lib/client/views';
import { foldRun } from '@/lib/run/fold-run';
import { serverContext } from './context';
import { loadRun } from './load-run';
import { readReplaced, readSuccessor } from './read-replaced';

/** A run as it stands now, with what it goes on from and what goes on from it; null if there is none of this id. */
export async function getRun(runId: string): Promise<RunPageView | null> {
  const { db } = (await serverContext()).database;
  const run = await loadRun(db, runId);
  if (run === null) return null;
  const [replaces, replacedBy] = await Promise.all([readReplaced(db, run.planId), readSuccessor(db, runId)]);
  return { ...foldRun(run), replaces, replacedBy };
}
