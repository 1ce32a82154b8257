import 'server-only';
import { foldRun } from '@/lib/run/fold-run';
import type { RunView } from '@/lib/run/model';
import { serverContext } from './context';
import { loadRun } from './load-run';

/** A run as it stands now; null if there is none of this id. */
export async function getRun(runId: string): Promise<RunView | null> {
  const { database } = await serverContext();
  const run = await loadRun(database.db, runId);
  return run && foldRun(run);
}
