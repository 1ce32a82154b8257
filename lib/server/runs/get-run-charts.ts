import 'server-only';
import { eq, sql } from 'drizzle-orm';
import type { RunChartsView } from '@/lib/contract/run-charts';
import type { Database } from '@/lib/db/database';
import { runWatches } from '@/lib/db/schema';
import { readStoredPoint, type TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import {
  listMarks,
  listShares,
  mergeProbePoints,
  type ProbePoint,
  pointsMax,
  toProbePoint,
} from '@/lib/run/model/run-charts';
import { countOwnRequests, findSplit, getSettleS } from '@/lib/run/model/run-figures';
import { RunId } from '@/lib/run/model/run-id';
import { getWatchPart, listNearSpans } from '@/lib/run/model/run-watch';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { loadRun } from '@/lib/store/runs/load-run';
import { getDnsSplit, readVantages } from '@/lib/store/runs/read-vantages';

/** Reads the stored rounds of probes of a run as points: the database counts, so that no response is read. */
async function readProbePoints(db: Database, runId: RunId): Promise<readonly ProbePoint[]> {
  const { rows } = await db.execute<ProbePoint>(sql`
    select sample->>'at' as at, sent, failed, slowest as "slowestMs" from run_sample
    cross join lateral (
      select count(*)::int as sent, (count(*) filter (where not (probe->>'passed')::boolean))::int as failed,
        max((probe->>'latencyMs')::float) as slowest
      from jsonb_array_elements(sample->'probes') as probe
    ) as counted
    where run_id = ${runId} and sample is not null order by id`);
  return rows;
}

/**
 * Reads the stored traffic measurements as points: of neighbours, the one with the highest error rate, as a whole, so
 * that its figures are of one minute. The newest measurement has no neighbours.
 */
export async function readTrafficPoints(
  db: Database,
  { id: runId, plan: { diversion } }: RunRecord,
): Promise<readonly TrafficPoint[]> {
  const { rows } = await db.execute<{ readonly worst: TrafficPoint }>(sql`
    select (array_agg(part order by (part->>'errorRate')::float desc nulls last, id desc))[1] as worst
    from (
      select id, traffic as part,
        ceil((count(*) over () - row_number() over (order by id))
          / greatest(1, ceil((count(*) over () - 1) / ${pointsMax - 1}::float)))::int as bucket
      from run_sample where run_id = ${runId} and traffic is not null
    ) as placed
    group by bucket order by bucket desc`);
  return rows.map(({ worst }) => readStoredPoint(diversion, worst));
}

/** Returns the data of a run's charts; null for an unknown id. */
export const getRunCharts = query(
  'run.getCharts',
  RunId,
  (runId) => ({ run: runId }),
  async (runId): Promise<RunChartsView | null> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const run = await loadRun(db, runId);
    if (run === null) return null;
    const [probes, traffic, reports, [watch]] = await Promise.all([
      readProbePoints(db, runId),
      readTrafficPoints(db, run),
      readVantages(db, runId),
      db.select().from(runWatches).where(eq(runWatches.runId, runId)),
    ]);
    const { SPILLWAY_PROBE_S: everyS, SPILLWAY_PROBE_AFTER_S: afterS, SPILLWAY_TRAFFIC_S } = settings;
    const now = new Date();
    const { state, startedAt } = foldRun(run);
    // Guards use rounds of the same probes.
    const guarded = run.events.flatMap((event) =>
      event.type === 'watched' ? [toProbePoint(event.sample)] : [],
    );
    const marks = listMarks(run);
    const from = marks[0]?.at ?? startedAt ?? now.toISOString();
    const shares = listShares(run, from);
    const isProbed = getWatchPart(run, now, afterS) !== null;
    const hasEnded = state === 'done' || state === 'rolledBack' || state === 'closed';
    return {
      now: now.toISOString(),
      state: everyS === 0 ? 'off' : isProbed ? 'on' : hasEnded ? 'over' : 'waiting',
      everyS,
      afterS,
      isTrafficOn: SPILLWAY_TRAFFIC_S > 0,
      guards: run.guards,
      probes: mergeProbePoints([...guarded, ...probes], listNearSpans(run)),
      traffic,
      shares,
      split: findSplit(
        traffic,
        shares,
        getSettleS(run.plan, settings.SPILLWAY_KEEP_ALIVE_S),
        countOwnRequests(run, reports, everyS),
      ),
      dnsSplit: getDnsSplit(run, reports),
      marks,
      summary: watch?.summary ?? null,
    };
  },
);
