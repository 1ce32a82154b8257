import 'server-only';
import { and, desc, eq } from 'drizzle-orm';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import type { ForecastSource, RunForecastView } from '@/lib/contract/run-forecast';
import type { Database } from '@/lib/db/database';
import { planTraffic, rehearsals } from '@/lib/db/schema';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import { joinEstates } from '@/lib/estate/join-estates';
import { parseUrl } from '@/lib/estate/match-rule';
import type { Estate } from '@/lib/estate/model';
import { eventScenario } from '@/lib/plan/event-scenario';
import type { Plan } from '@/lib/plan/model/model';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { getMovedRps, listDeviations } from '@/lib/run/model/forecast/compare-forecast';
import { listForecastPoints } from '@/lib/run/model/forecast/forecast-points';
import { type ForecastBase, findT0, forecastScenario } from '@/lib/run/model/forecast/forecast-scenario';
import { countOwnRequests } from '@/lib/run/model/run-figures';
import { RunId } from '@/lib/run/model/run-id';
import { readPastEstate } from '@/lib/server/estate/read-past-estate';
import { query } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { serverContext } from '@/lib/store/context';
import { loadRun } from '@/lib/store/runs/load-run';
import { readVantages } from '@/lib/store/runs/read-vantages';
import { readTrafficPoints } from './get-run-charts';

/** The time before T0 and after now that the forecast is drawn for, in ms. */
const beforeMs = 900_000;
const afterMs = 3_600_000;

type Found = { readonly base: ForecastBase; readonly source: ForecastSource };

/** Returns the second of a scenario that T0 is at: as in a rehearsal of it. */
function secondOfT0({ startsAt, traffic }: CapacityScenario, t0: string | null): number {
  return startsAt === null || t0 === null
    ? (traffic.changes[0]?.atS ?? 0)
    : (Date.parse(t0) - Date.parse(startsAt)) / 1000;
}

async function findRehearsed(db: Database, { planId }: RunRecord): Promise<Found | null> {
  const [row] = await db
    .select({ id: rehearsals.id, input: rehearsals.input, at: rehearsals.createdAt })
    .from(rehearsals)
    .where(and(eq(rehearsals.planId, planId), eq(rehearsals.state, 'done')))
    .orderBy(desc(rehearsals.createdAt), desc(rehearsals.id))
    .limit(1);
  if (row === undefined) return null;
  const { settings, cutover } = row.input;
  const base = {
    scenario: settings.scenario,
    t0S: secondOfT0(settings.scenario, cutover?.t0 ?? null),
    weights: settings.hostWeights,
  };
  return { base, source: { kind: 'rehearsal', id: row.id, at: row.at.toISOString() } };
}

/** Reads the snapshot that a plan was made from, of all its accounts; null if it is no longer kept. */
async function readPlanEstate(db: Database, plan: Plan): Promise<Estate | null> {
  const at = new Date(plan.estateTakenAt);
  const others = listConnectionIds(plan).filter((id) => id !== plan.connectionId);
  const [own, ...read] = await Promise.all(
    [plan.connectionId, ...others].map((id) => readPastEstate(db, id, at)),
  );
  const known = read.flatMap((past) => past?.estate ?? []);
  if (own == null || known.length < read.length) return null;
  return known.length === 0 ? own.estate : joinEstates(own.estate, known);
}

type Demand = Exclude<ForecastSource, { kind: 'rehearsal' }>;

/**
 * Returns whether what was measured for a plan are the requests that it moves: an Access or a Split may leave names and
 * paths of the same listeners where they are.
 */
function areMoved(readings: readonly TrafficReading[], { diversion, routes = [] }: Plan): boolean {
  if (diversion.kind === 'switch') return true;
  const staying = new Set(diversion.routes.flatMap(({ to, domain }) => (to === 'cvm' ? [domain] : [])));
  const moved = new Set(
    routes.flatMap(({ domain, url }) => {
      const { form, text } = parseUrl(url);
      return text === '/' && form !== '=' && !staying.has(domain) ? [domain] : [];
    }),
  );
  return readings.every(({ domains }) => domains.every((domain) => moved.has(domain)));
}

/** Returns the demand of a run that was not rehearsed; null = nothing says how many requests there are. */
async function findDemand(db: Database, run: RunRecord): Promise<Demand | null> {
  const { expectedPeakRps } = run.plan.diversion;
  if (expectedPeakRps != null) return { kind: 'expected', peakRps: expectedPeakRps };
  const [measured] = await db.select().from(planTraffic).where(eq(planTraffic.planId, run.planId));
  const rates = measured?.readings.flatMap(({ perSecond }) => perSecond ?? []) ?? [];
  if (measured !== undefined && rates.length > 0 && areMoved(measured.readings, run.plan)) {
    const rps = rates.reduce((sum, rate) => sum + rate, 0);
    return { kind: 'before', rps, at: measured.at.toISOString() };
  }
  for (const point of await readTrafficPoints(db, run)) {
    const rps = getMovedRps(point);
    if (rps !== null) return { kind: 'first', rps, at: point.at };
  }
  return null;
}

async function findBase(
  db: Database,
  run: RunRecord,
): Promise<Found | { readonly missing: RunForecastView['missing'] }> {
  const rehearsed = await findRehearsed(db, run);
  if (rehearsed !== null) return rehearsed;
  const [estate, source] = await Promise.all([readPlanEstate(db, run.plan), findDemand(db, run)]);
  if (source === null) return { missing: 'noDemand' };
  if (estate === null) return { missing: 'noSnapshot' };
  const scenario = eventScenario(run.plan, estate, run.cutover);
  if (scenario === null) return { missing: 'noFunction' };
  const demand: CapacityScenario['demand'] =
    source.kind === 'expected' ? scenario.demand : { kind: 'constant', rps: source.rps };
  const t0S = secondOfT0(scenario, run.cutover?.t0 ?? null);
  return { base: { scenario: { ...scenario, demand }, t0S }, source };
}

/** Returns the forecast of a run beside what was measured; null for an unknown id. */
export const getRunForecast = query(
  'run.getForecast',
  RunId,
  (runId) => ({ run: runId }),
  async (runId): Promise<RunForecastView | null> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const run = await loadRun(db, runId);
    if (run === null) return null;
    const now = new Date();
    const t0Ms = findT0(run);
    const nothing = { now: now.toISOString(), source: null, points: [], deviations: [] };
    if (t0Ms === null) return { ...nothing, missing: 'notStarted' };
    const found = await findBase(db, run);
    if ('missing' in found) return { ...nothing, missing: found.missing };
    const scenario = forecastScenario(found.base, run, t0Ms, now);
    const { series, steps, stepS } = simulateCapacity(scenario);
    const startMs = Date.parse(scenario.startsAt ?? run.plan.estateTakenAt);
    const forecast = { series, steps, stepS, startMs };
    const [measured, reports] = await Promise.all([readTrafficPoints(db, run), readVantages(db, runId)]);
    const ownPerMinute = countOwnRequests(run, reports, settings.SPILLWAY_PROBE_S);
    const until = Math.max(now.getTime(), t0Ms) + afterMs;
    return {
      ...nothing,
      source: found.source,
      missing: null,
      points: listForecastPoints(forecast, t0Ms - beforeMs, until),
      deviations: listDeviations(measured, forecast, ownPerMinute),
    };
  },
);
