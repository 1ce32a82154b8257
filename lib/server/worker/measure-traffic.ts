import { eq } from 'drizzle-orm';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { plans, planTraffic } from '@/lib/db/schema';
import { servingListeners, type TrafficReading } from '@/lib/estate/serving-listeners';
import { invariant } from '@/lib/invariant';
import { upgradePlan } from '@/lib/plan/stored-plan';
import { newestEstate } from '../newest-estate';
import { choreErrorOf } from './chore-error';
import { joinedCloud } from './joined-cloud';

/** Listeners of one plan that are measured, each by a few calls: names lead to one or two as a rule. */
const listenersMax = 40;

export type MeasureTrafficDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Cloud;
  readonly now: () => Date;
  /** Told of what is not the cloud's refusal, with its stack. */
  readonly onError: (error: unknown, planId: string) => void;
};

/** The listeners that serve the plan's names now, each with its requests per second. */
async function readTraffic(deps: MeasureTrafficDeps, planId: string): Promise<readonly TrafficReading[]> {
  const [row] = await reconnecting(() => deps.db.select().from(plans).where(eq(plans.id, planId)));
  invariant(row !== undefined, `plan ${planId} was stored before its traffic was asked for`);
  const { routes, connections } = upgradePlan(row.plan).diversion;
  const estate = await reconnecting(() => newestEstate(deps.db, row.connectionId, connections));
  if (estate === null) return [];
  const names = [...new Set(routes.map(({ domain }) => domain))];
  const cloud = joinedCloud({ own: row.connectionId, cloudOf: deps.cloudOf });
  const readings: TrafficReading[] = [];
  for (const listener of servingListeners(estate, names).slice(0, listenersMax))
    readings.push({ ...listener, perSecond: await cloud.requestRate(listener) });
  return readings;
}

/** Measures how many requests a stored plan's names get now, and stores that beside it, or why it could not be. */
export async function measureTraffic(deps: MeasureTrafficDeps, planId: string): Promise<void> {
  let readings: readonly TrafficReading[] = [];
  let error: CloudErrorData | null = null;
  try {
    readings = await readTraffic(deps, planId);
  } catch (thrown) {
    error = choreErrorOf(thrown, {
      ...{ action: 'GetMonitorData', region: null, mayHaveHappened: false },
      whatToDo: 'Make the plan again to have its traffic measured.',
    });
    if (error.code === 'Internal') deps.onError(thrown, planId);
  }
  const values = { at: deps.now(), readings, error };
  await reconnecting(() =>
    deps.db
      .insert(planTraffic)
      .values({ planId, ...values })
      .onConflictDoUpdate({ target: planTraffic.planId, set: values }),
  );
}
