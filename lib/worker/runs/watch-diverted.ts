import { and, eq, gte } from 'drizzle-orm';
import type { CloudErrorData } from '@/lib/cloud/errors';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { diversionTraffic, runSamples, runWatches } from '@/lib/db/schema';
import { areSidesWhole, listMovedRoutes, listSideRoutes } from '@/lib/estate/bindings/side-routes';
import { getConcurrencyLimit } from '@/lib/estate/functions/concurrency-limit';
import { findFunction } from '@/lib/estate/look-up';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import { movedRequests } from '@/lib/plan/model/measured-routes';
import type { Lease } from '@/lib/run/durable/lease';
import type { FunctionUse, TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { bindPlan } from '@/lib/run/model/placeholders';
import type { RunId } from '@/lib/run/model/run-id';
import { joinedCloud } from '@/lib/run/steps/run-cloud';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { type Diverted, readDiverted } from '@/lib/store/runs/read-diverted';
import { readDoneRuns } from '@/lib/store/runs/read-run-baselines';
import { toJobError } from '@/lib/worker/loop/job-error';
import type { WorkLoop } from '@/lib/worker/loop/work-loop';

/** An hour at the default interval: enough for a line. */
const pointsKept = 60;
/**
 * The maximum number of measured rules of a side: 40 names on two listeners. Ten rules are a few calls. A part of the
 * rules would give a wrong share, so that a side with more is not measured.
 */
const routesMax = 80;
/** The maximum number of measured functions per diversion, each a few calls. */
const functionsMax = 10;
/** A run without a probe round for this long has ended, and so have its charts. */
const probedWithinMs = 120_000;
/** The interval between checks for diversions that are due. */
const pollMs = 5000;

export type WatchDivertedDeps = {
  readonly db: Database;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly cloudOf: (connectionId: string) => Cloud;
  /**
   * Returns whether this worker has keys for a connection: measuring a diversion needs the keys of all its accounts.
   */
  readonly has: (connectionId: string) => boolean;
  readonly everyS: number;
  readonly now: () => Date;
  readonly loop: WorkLoop;
};

/** Returns the distinct functions that receive the traffic, as in the snapshot. */
function listFunctions(estate: Estate, routes: readonly MeasuredRoute[]): readonly ScfFunction[] {
  const bound = routes.flatMap((route) =>
    route.functions.flatMap((fn) => findFunction(estate, { ...route, ...fn }) ?? []),
  );
  return [...new Set(bound)].slice(0, functionsMax);
}

async function readUse(
  { cloudOf }: Pick<WatchDivertedDeps, 'cloudOf'>,
  own: string,
  estate: Estate,
  fn: ScfFunction,
): Promise<FunctionUse> {
  const { region, namespace, name, memoryMb, provisioned } = fn;
  const { value } = await cloudOf(fn.connectionId ?? own).concurrency({ region, namespace, name });
  const limitMb = getConcurrencyLimit(estate, fn);
  return {
    name: `${namespace}/${name}`,
    inUse: value,
    limit: limitMb === null ? null : Math.floor(limitMb / memoryMb),
    warm: provisioned === null ? null : provisioned.reduce((sum, { available }) => sum + available, 0),
  };
}

type SidePoint = {
  readonly rate: TrafficPoint['cvm'];
  readonly errors: number | null;
  readonly lagMs: number | null;
};

/** Measures one side as a whole, or not at all: null if it has too many rules. */
async function readSide(
  cloud: Pick<Cloud, 'measure' | 'routeRate'>,
  routes: readonly MeasuredRoute[],
): Promise<SidePoint | null> {
  if (routes.length === 0) return { rate: 'none', errors: null, lagMs: null };
  if (routes.length > routesMax) return null;
  const [rate, errors] = await Promise.all([cloud.routeRate(routes), cloud.measure('errorRate', routes)]);
  return { rate: rate.value, errors: errors.value, lagMs: rate.lagMs };
}

/** Returns a function that measures sides, those with the same rules once. */
function sideReader(
  cloud: Pick<Cloud, 'measure' | 'routeRate'>,
): (routes: readonly MeasuredRoute[]) => Promise<SidePoint | null> {
  const read = new Map<string, Promise<SidePoint | null>>();
  return (routes) => {
    const key = routes
      .map(({ listenerId, domain, url }) => `${listenerId} ${domain}${url}`)
      .toSorted()
      .join('\n');
    const side = read.get(key) ?? readSide(cloud, routes);
    read.set(key, side);
    return side;
  };
}

/** Returns the share of errors of all requests; null if a side was not measured, or without requests. */
function joinErrors(sides: readonly (SidePoint | null)[]): number | null {
  let [all, failed] = [0, 0];
  for (const side of sides) {
    if (side === null) return null;
    // Monitoring has no data of a side without requests.
    const { rate, errors } = side;
    if (typeof rate !== 'number' || errors === null) continue;
    all += rate;
    failed += rate * errors;
  }
  return all === 0 ? null : failed / all;
}

/** Measures the traffic of a diversion's names; null if its account has not been synced. */
async function readPoint(deps: WatchDivertedDeps, diverted: Diverted): Promise<TrafficPoint | null> {
  const own = diverted.connectionId;
  const [run] = await readDoneRuns(deps.db, [diverted.runId]);
  if (run === undefined) return null;
  const estate = await newestEstate(deps.db, own, diverted.connections);
  if (estate === null) return null;
  const sides = listSideRoutes(estate, diverted.domains);
  const requests = movedRequests(bindPlan(run.plan, run.events));
  const moved = requests === null ? null : listMovedRoutes(estate, requests);
  const read = sideReader(joinedCloud({ own, cloudOf: deps.cloudOf }));
  const [cvm, fn, movedCvm, movedFn, functions] = await Promise.all([
    read(sides.cvm),
    read(sides.function),
    moved === null ? null : read(moved.cvm),
    moved === null ? null : read(moved.function),
    Promise.all(listFunctions(estate, sides.function).map((each) => readUse(deps, own, estate, each))),
  ]);
  const lags = [cvm, fn, movedCvm, movedFn].flatMap((side) => side?.lagMs ?? []);
  const ofMoved = {
    cvm: movedCvm?.rate ?? null,
    function: movedFn?.rate ?? null,
    errorRate: joinErrors([movedCvm, movedFn]),
  };
  return {
    at: deps.now().toISOString(),
    cvm: cvm?.rate ?? null,
    function: fn?.rate ?? null,
    errorRate: joinErrors([cvm, fn]),
    sideErrors: { cvm: cvm?.errors ?? null, function: fn?.errors ?? null },
    areSidesWhole: areSidesWhole(estate, diverted.domains),
    ...(diverted.kind === 'switch' ? {} : { moved: moved === null ? null : ofMoved }),
    lagMs: lags.length === 0 ? null : Math.max(...lags),
    functions,
  };
}

/** Adds a point to a run's charts while the run is probed. */
async function storeForRun({ db, now }: WatchDivertedDeps, runId: RunId, traffic: TrafficPoint) {
  const probedAfter = new Date(now().getTime() - probedWithinMs);
  const [watch] = await db
    .select({ runId: runWatches.runId })
    .from(runWatches)
    .where(and(eq(runWatches.runId, runId), gte(runWatches.at, probedAfter)));
  if (watch !== undefined) await db.insert(runSamples).values({ runId, at: now(), traffic });
}

/** Measures one diversion and stores the point, or the reason of a failure. */
async function measureOne(
  deps: WatchDivertedDeps,
  diverted: Diverted,
  points: readonly TrafficPoint[],
): Promise<void> {
  const { diversionId, runId } = diverted;
  const store = async (newest: readonly TrafficPoint[], error: CloudErrorData | null) => {
    const values = { at: deps.now(), points: newest.slice(-pointsKept), error };
    await deps.db
      .insert(diversionTraffic)
      .values({ diversionId, ...values })
      .onConflictDoUpdate({ target: diversionTraffic.diversionId, set: values });
  };
  try {
    const point = await readPoint(deps, diverted);
    await store(point === null ? points : [...points, point], null);
    if (point !== null) await storeForRun(deps, runId, point);
  } catch (thrown) {
    const error = toJobError(thrown, {
      action: 'GetMonitorData',
      region: null,
      mayHaveHappened: false,
      whatToDo: 'It is measured again automatically.',
    });
    await store(points, error);
    // The page shows the cloud's rejection; the loop logs an internal error.
    if (!(thrown instanceof CloudError)) throw thrown;
  }
}

/**
 * Creates a round over all diversions with moved traffic and a due measurement, each measured by one worker at a time.
 */
export function divertedRounds(deps: WatchDivertedDeps): () => Promise<void> {
  const busy = new Set<string>();
  const readStored = async ({ diversionId }: Diverted) => {
    const [row] = await deps.db
      .select()
      .from(diversionTraffic)
      .where(eq(diversionTraffic.diversionId, diversionId));
    return row;
  };
  const isDue = (row: { readonly at: Date } | undefined) =>
    row === undefined || Math.abs(deps.now().getTime() - row.at.getTime()) >= deps.everyS * 1000;
  const watch = async (diverted: Diverted): Promise<boolean> => {
    const { diversionId, connectionId, connections } = diverted;
    if (busy.has(diversionId) || ![connectionId, ...connections].every(deps.has)) return false;
    if (!isDue(await readStored(diverted))) return false;
    busy.add(diversionId);
    try {
      let hasMeasured = false;
      await deps.lease.whileFree(`traffic:${diversionId}`, async () => {
        // Read again under the lock.
        const row = await readStored(diverted);
        if (!isDue(row)) return;
        await measureOne(deps, diverted, row?.points ?? []);
        hasMeasured = true;
      });
      return hasMeasured;
    } finally {
      busy.delete(diversionId);
    }
  };
  return async () =>
    deps.loop.each(await readDiverted(deps.db), ({ diversionId }) => `diversion ${diversionId}`, watch);
}

/** Measures the traffic of diverted names as long as the process lives; a failed round is retried with the next. */
export function startWatchingDiverted(
  deps: WatchDivertedDeps & { readonly onError: (error: unknown) => void },
): void {
  if (deps.everyS === 0) return;
  const round = divertedRounds(deps);
  const next = () => {
    setTimeout(() => void round().catch(deps.onError).finally(next), pollMs).unref();
  };
  next();
}
