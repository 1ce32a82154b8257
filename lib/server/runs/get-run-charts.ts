import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { RunChartsView } from '@/lib/client/run-charts-views';
import { runSamples, runWatches } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/model/fold-run';
import { listMarks, listShares, toProbePoints, toTrafficPoints } from '@/lib/run/model/run-charts';
import { RunId } from '@/lib/run/model/run-id';
import { getWatchPart } from '@/lib/run/model/run-watch';
import { serverContext } from '@/lib/server/context';
import { loadRun } from '@/lib/server/journal/load-run';
import { query } from '@/lib/server/verb';

/** Returns what the charts of a run draw; null for an unknown id. */
export const getRunCharts = query(
  'run.getCharts',
  RunId,
  (runId) => ({ run: runId }),
  async (runId): Promise<RunChartsView | null> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const run = await loadRun(db, runId);
    if (run === null) return null;
    const [rows, [watch]] = await Promise.all([
      db.select().from(runSamples).where(eq(runSamples.runId, runId)).orderBy(asc(runSamples.id)),
      db.select().from(runWatches).where(eq(runWatches.runId, runId)),
    ]);
    const { SPILLWAY_PROBE_S: everyS, SPILLWAY_PROBE_AFTER_S: afterS, SPILLWAY_TRAFFIC_S } = settings;
    const now = new Date();
    const { state, startedAt } = foldRun(run);
    // The rounds of guards are rounds of the same probes.
    const guarded = run.events.flatMap((event) => (event.type === 'watched' ? [event.sample] : []));
    const marks = listMarks(run);
    const from = marks[0]?.at ?? startedAt ?? now.toISOString();
    const isProbed = getWatchPart(run, now, afterS) !== null;
    const hasEnded = state === 'done' || state === 'reverted' || state === 'closed';
    return {
      now: now.toISOString(),
      state: everyS === 0 ? 'off' : isProbed ? 'on' : hasEnded ? 'over' : 'waiting',
      everyS,
      afterS,
      isTrafficOn: SPILLWAY_TRAFFIC_S > 0,
      guards: run.guards,
      probes: toProbePoints([...guarded, ...rows.flatMap(({ sample }) => sample ?? [])]),
      traffic: toTrafficPoints(rows.flatMap(({ traffic }) => traffic ?? [])),
      shares: listShares(run, from),
      marks,
      summary: watch?.summary ?? null,
    };
  },
);
