import 'server-only';
import { inArray } from 'drizzle-orm';
import type { PostMortemView } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import { runWatches } from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import type { RunId } from '@/lib/run/model/run-id';
import { reportRun } from '@/lib/run/model/run-report';
import { getBreachState } from '@/lib/run/model/run-watch';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { loadRun } from '@/lib/store/runs/load-run';
import { getActivity } from './get-activity';
import { readDiversion } from './get-diversion';

/** A Switch that moves often has hundreds of runs; older ones are on their own pages. */
const runsMax = 20;

/** Reads what was probed beside the steps of runs, by their ids. */
export async function readWatches(
  db: Database,
  runIds: readonly RunId[],
): Promise<PostMortemView['watches']> {
  if (runIds.length === 0) return {};
  const rows = await db
    .select()
    .from(runWatches)
    .where(inArray(runWatches.runId, [...runIds]));
  const now = new Date();
  return Object.fromEntries(
    rows.map(({ runId, since, at, summary }) => {
      const until = at.toISOString();
      const breaches = summary.breaches.map((breach) => ({
        ...breach,
        state: getBreachState(breach, { lastAt: until, now }),
      }));
      return [runId, { ...summary, breaches, since: since.toISOString(), until }];
    }),
  );
}

/** Returns the post-mortem of a diversion; null if it does not exist. */
export const getPostMortem = query(
  'diversion.getPostMortem',
  DiversionId,
  (diversion) => ({ diversion }),
  async (id): Promise<PostMortemView | null> => {
    const { db } = (await serverContext()).database;
    const [diversion, activity] = await Promise.all([readDiversion(db, id), getActivity(id)]);
    if (diversion === null || activity === null) return null;
    const runIds = diversion.revisions.flatMap(({ runId }) => runId ?? []);
    const loaded = await Promise.all(runIds.slice(0, runsMax).map((runId) => loadRun(db, runId)));
    const watches = await readWatches(db, runIds.slice(0, runsMax));
    const reports = loaded.flatMap((run) => (run === null ? [] : [reportRun(run)])).toReversed();
    return { diversion, activity, reports, watches, olderRuns: Math.max(0, runIds.length - runsMax) };
  },
);
