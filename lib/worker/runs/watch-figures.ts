import { desc, eq } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { Database } from '@/lib/db/database';
import { diversionTraffic, plans } from '@/lib/db/schema';
import { type Guard, runMeasures, trafficUsedS } from '@/lib/diversion/cutover';
import { listConvergingNames } from '@/lib/run/model/convergence';
import { readStoredPoint } from '@/lib/run/model/diverted-traffic';
import { listSplitNames } from '@/lib/run/model/dns-split';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { Sample } from '@/lib/run/model/model';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import { listShares } from '@/lib/run/model/run-charts';
import { computeFigures, countOwnRequests, getSettleS } from '@/lib/run/model/run-figures';
import type { RunId } from '@/lib/run/model/run-id';
import { loadRun } from '@/lib/store/runs/load-run';
import { readVantages } from '@/lib/store/runs/read-vantages';

/** The journal of a run is read again after this time, in ms: no name moves while guards wait. */
const readAgainMs = 15_000;

export type WatchFiguresDeps = {
  readonly db: Database;
  readonly now: () => Date;
  readonly log: Pick<Logger, 'warn'>;
  /** The interval of the probes for charts and of agents, in seconds; 0 = never. */
  readonly everyS: number;
  /** The time for which clients keep a connection open, in seconds: see `getSettleS`. */
  readonly keepAliveS: number;
};

/**
 * Reads the figures of a run that its guards use: what the vantage points answered, and the stored measurements of its
 * traffic. It never throws; what can't be read is left out.
 */
export function watchFigures(
  { db, now, log, everyS, keepAliveS }: WatchFiguresDeps,
  runId: RunId,
  guards: readonly Guard[],
): () => Promise<Required<Pick<Sample, 'measures' | 'lagMs'>>> {
  const wanted = runMeasures.filter((measure) => guards.some((guard) => guard.measure === measure));
  let known: { readonly run: RunRecord; readonly at: number } | null = null;
  const readRun = async (): Promise<RunRecord | null> => {
    if (known !== null && Math.abs(now().getTime() - known.at) < readAgainMs) return known.run;
    const run = await loadRun(db, runId);
    if (run !== null) known = { run, at: now().getTime() };
    return run;
  };
  const readTraffic = async (planId: RunRecord['planId']) => {
    const [row] = await db
      .select({ points: diversionTraffic.points })
      .from(diversionTraffic)
      .innerJoin(plans, eq(plans.diversionId, diversionTraffic.diversionId))
      .where(eq(plans.id, planId))
      .orderBy(desc(diversionTraffic.at))
      .limit(1);
    const newest = row?.points.at(-1) ?? null;
    return newest === null || now().getTime() - Date.parse(newest.at) > trafficUsedS * 1000 ? null : newest;
  };
  return async () => {
    if (wanted.length === 0) return { measures: {}, lagMs: {} };
    try {
      const run = await readRun();
      if (run === null) return { measures: {}, lagMs: {} };
      const { plan, events } = run;
      const bound = hasPlaceholders(plan) ? { ...run, plan: bindPlan(plan, events) } : run;
      const [reports, traffic] = await Promise.all([readVantages(db, runId), readTraffic(run.planId)]);
      const { measures, lagMs } = computeFigures({
        names: listConvergingNames(bound),
        reports,
        traffic: traffic === null ? null : readStoredPoint(plan.diversion, traffic),
        split: listSplitNames(bound),
        ownPerMinute: countOwnRequests(bound, reports, everyS),
        shares: listShares(run, events[0]?.at ?? now().toISOString()),
        settleS: getSettleS(plan, keepAliveS),
        now: now(),
      });
      return { measures: Object.fromEntries(wanted.map((measure) => [measure, measures[measure]])), lagMs };
    } catch (err) {
      log.warn({ err }, 'figures of the guards could not be read');
      return { measures: Object.fromEntries(wanted.map((measure) => [measure, null])), lagMs: {} };
    }
  };
}
