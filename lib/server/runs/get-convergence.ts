import 'server-only';
import { sql } from 'drizzle-orm';
import type { RunConvergenceView, VantageView } from '@/lib/client/run-convergence-views';
import type { Database } from '@/lib/db/database';
import {
  askedNamesMax,
  type ConvergencePoint,
  type ConvergingName,
  countAnswers,
  getConvergence,
  isConverging,
  isFreshAnswer,
  judgeDnsAnswer,
  listConvergences,
  listConvergingNames,
  type VantageReport,
} from '@/lib/run/model/convergence';
import { movesName } from '@/lib/run/model/drain';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import { pointsMax } from '@/lib/run/model/run-charts';
import { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/server/context';
import { loadRun } from '@/lib/server/journal/load-run';
import { query } from '@/lib/server/verb';
import { readVantages } from './read-vantages';

/** Reads the stored counts as at most as many points as a line has: of neighbours the newest. */
async function readConvergencePoints(db: Database, runId: RunId): Promise<readonly ConvergencePoint[]> {
  const { rows } = await db.execute<{ readonly newest: ConvergencePoint }>(sql`
    select (array_agg(convergence order by id desc))[1] as newest from (
      select id, convergence,
        (count(*) over () - row_number() over (order by id)) / ceil(count(*) over () / ${pointsMax}::float)::int as bucket
      from run_sample where run_id = ${runId} and convergence is not null
    ) as placed
    group by bucket order by bucket desc`);
  return rows.map(({ newest }) => newest);
}

function viewVantage(report: VantageReport, names: readonly ConvergingName[], now: Date): VantageView {
  const { kind, name, address, at, dns } = report;
  const answers = dns.flatMap((answer) => {
    const moved = names.find((each) => each.name === answer.name);
    if (moved === undefined) return [];
    return [{ ...answer, verdict: judgeDnsAnswer(moved, answer), isOld: !isFreshAnswer(answer, now) }];
  });
  return { kind, name, address, at, isOld: !isFreshAnswer(report, now), answers };
}

/** Returns what the vantage points have answered about a stored run. */
export async function readConvergence(
  db: Database,
  stored: RunRecord,
  { now, isOn }: { readonly now: Date; readonly isOn: boolean },
): Promise<RunConvergenceView> {
  const { plan, events } = stored;
  const run = hasPlaceholders(plan) ? { ...stored, plan: bindPlan(plan, events) } : stored;
  const [points, reports] = await Promise.all([readConvergencePoints(db, run.id), readVantages(db, run.id)]);
  const names = listConvergingNames(run);
  const getState = () => {
    if (!isOn) return 'off';
    if (![...plan.steps, ...plan.revert].some(movesName)) return 'none';
    if (isConverging(run, names, now)) return 'on';
    const { state } = foldRun(run);
    return names.length === 0 && state !== 'done' && state !== 'reverted' && state !== 'closed'
      ? 'waiting'
      : 'over';
  };
  return {
    now: now.toISOString(),
    state: getState(),
    share: getConvergence(countAnswers(names, reports, now)),
    names: names.map(({ name, served, ttlS }) => ({ name, served, ttlS })),
    asked: Math.min(names.length, askedNamesMax),
    vantages: reports.map((report) => viewVantage(report, names, now)),
    points,
    reached: listConvergences(run, points),
  };
}

/** Returns what resolvers and agents have answered about the names that a run moves; null for an unknown id. */
export const getRunConvergence = query(
  'run.getConvergence',
  RunId,
  (runId) => ({ run: runId }),
  async (runId): Promise<RunConvergenceView | null> => {
    const { database, settings } = await serverContext();
    const run = await loadRun(database.db, runId);
    if (run === null) return null;
    return readConvergence(database.db, run, { now: new Date(), isOn: settings.SPILLWAY_PROBE_S > 0 });
  },
);
