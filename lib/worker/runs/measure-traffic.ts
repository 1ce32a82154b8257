import { eq } from 'drizzle-orm';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { plans, planTraffic } from '@/lib/db/schema';
import { servingListeners, type TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import { joinedCloud } from '@/lib/run/steps/run-cloud';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { toJobError } from '@/lib/worker/loop/job-error';

/** The maximum number of measured listeners per plan, each a few calls: names usually point at one or two. */
const listenersMax = 40;

export type MeasureTrafficDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Cloud;
  readonly now: () => Date;
  /** Called with errors other than the cloud's rejection, with their stack. */
  readonly onError: (error: unknown, planId: PlanId) => void;
};

type Measured = Omit<typeof planTraffic.$inferSelect, 'planId' | 'at'>;

const nothing: Measured = { readings: [], functionLagMs: null, unmeasured: 0, error: null };

/** Returns the displayable error of a failure; internal errors are distinguished from the cloud's rejections. */
function toCloudError(deps: MeasureTrafficDeps, planId: PlanId, thrown: unknown): CloudErrorData {
  const error = toJobError(thrown, {
    action: 'GetMonitorData',
    region: null,
    mayHaveHappened: false,
    whatToDo: 'Make the plan again to have its traffic measured.',
  });
  if (error.code === 'Internal') deps.onError(thrown, planId);
  return error;
}

/**
 * Returns the listeners that currently serve the plan's names, each with its requests per second, and how far the
 * figures of its functions lag; a failure affects only its own listener or the functions.
 */
async function readTraffic(deps: MeasureTrafficDeps, planId: PlanId): Promise<Measured> {
  const [row] = await reconnecting(() => deps.db.select().from(plans).where(eq(plans.id, planId)));
  invariant(row !== undefined, `plan ${planId} was stored before its traffic was asked for`);
  const { routes, connections } = row.plan.diversion;
  const estate = await reconnecting(() => newestEstate(deps.db, row.connectionId, connections));
  if (estate === null) return nothing;
  const names = [...new Set(routes.map(({ domain }) => domain))];
  const cloud = joinedCloud({ own: row.connectionId, cloudOf: deps.cloudOf });
  const serving = servingListeners(estate, names);
  const readings: TrafficReading[] = [];
  let error: CloudErrorData | null = null;
  for (const listener of serving.slice(0, listenersMax)) {
    try {
      const { value, lagMs } = await cloud.requestRate(listener);
      readings.push({ ...listener, perSecond: value, lagMs });
    } catch (thrown) {
      error ??= toCloudError(deps, planId, thrown);
    }
  }
  let functionLagMs: number | null = null;
  try {
    functionLagMs = (await cloud.measure('throttles', row.plan.routes ?? [])).lagMs;
  } catch (thrown) {
    error ??= toCloudError(deps, planId, thrown);
  }
  return { readings, functionLagMs, unmeasured: serving.length - readings.length, error };
}

/**
 * Measures the current requests to a stored plan's names, and stores the result with the plan, or the reason of a
 * failure.
 */
export async function measureTraffic(deps: MeasureTrafficDeps, planId: PlanId): Promise<void> {
  const measured = await readTraffic(deps, planId).catch(
    (thrown): Measured => ({ ...nothing, error: toCloudError(deps, planId, thrown) }),
  );
  const values = { at: deps.now(), ...measured };
  await reconnecting(() =>
    deps.db
      .insert(planTraffic)
      .values({ planId, ...values })
      .onConflictDoUpdate({ target: planTraffic.planId, set: values }),
  );
}
