import 'server-only';
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { RunConvergenceView, VantageView } from '@/lib/contract/run-convergence';
import type { Database } from '@/lib/db/database';
import { runSamples } from '@/lib/db/schema';
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
import { listNearSpans, listTurns, spaceByTime } from '@/lib/run/model/run-watch';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { loadRun } from '@/lib/store/runs/load-run';
import { readVantages } from '@/lib/store/runs/read-vantages';

/** Reads all stored counts, oldest first: the worker keeps a limited number. */
async function readConvergencePoints(db: Database, runId: RunId): Promise<readonly ConvergencePoint[]> {
  const rows = await db
    .select({ point: runSamples.convergence })
    .from(runSamples)
    .where(and(eq(runSamples.runId, runId), isNotNull(runSamples.convergence)))
    .orderBy(asc(runSamples.id));
  return rows.flatMap(({ point }) => point ?? []);
}

/** Returns as many points as a line has, including those that say when shares of the answers were current. */
function listDrawn(run: RunRecord, points: readonly ConvergencePoint[]): readonly ConvergencePoint[] {
  const times = points.map(({ at }) => Date.parse(at));
  const kept = listTurns(run, points);
  const drawn = new Set(spaceByTime(times, { near: listNearSpans(run), max: pointsMax, kept }));
  return points.filter((_, index) => drawn.has(index));
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
    if (![...plan.steps, ...plan.rollback].some(movesName)) return 'none';
    if (isConverging(run, names, now)) return 'on';
    const { state } = foldRun(run);
    return names.length === 0 && state !== 'done' && state !== 'rolledBack' && state !== 'closed'
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
    points: listDrawn(run, points),
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
