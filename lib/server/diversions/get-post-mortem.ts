import 'server-only';
import type { PostMortemView } from '@/lib/client/diversion-views';
import { DiversionId } from '@/lib/diversion/diversion';
import { reportRun } from '@/lib/run/model/run-report';
import { serverContext } from '@/lib/server/context';
import { loadRun } from '@/lib/server/journal/load-run';
import { query } from '@/lib/server/verb';
import { getActivity } from './get-activity';
import { readDiversion } from './get-diversion';

/** A Switch that moves often has hundreds of runs; older ones have their own pages. */
const runsMax = 20;

/** Returns all that a post-mortem of a diversion says; null if there is none with this id. */
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
    const reports = loaded.flatMap((run) => (run === null ? [] : [reportRun(run)])).toReversed();
    return { diversion, activity, reports, olderRuns: Math.max(0, runIds.length - runsMax) };
  },
);
