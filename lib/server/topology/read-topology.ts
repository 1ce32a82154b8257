import 'server-only';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { plans, planTraffic } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { buildRoutes } from '@/lib/estate/topology/build-routes';
import { findDriftedNodes } from '@/lib/estate/topology/drifted-nodes';
import type { TopologyRoute } from '@/lib/estate/topology/route';
import type { Actor } from '@/lib/policy/actor';
import { seeEstate } from '@/lib/server/access/see-estate';
import { deriveOnce } from '@/lib/server/estate/derive-once';
import { readPastEstate } from '@/lib/server/estate/read-past-estate';
import { serverContext } from '@/lib/store/context';
import { findDrift } from '@/lib/store/drift/find-drift';
import { listDrifted } from '@/lib/store/drift/list-drifted';
import { newestEstate } from '@/lib/store/estate/newest-estate';

/** The displayed estate: the newest one, or that of an instant. */
export type EstateAsked = { readonly connectionId: string; readonly at: Date | null };

export type Topology = {
  readonly estate: Estate;
  readonly routes: readonly TopologyRoute[];
  /** The nodes whose objects have drifted; none in the past. */
  readonly drifted: ReadonlySet<string>;
};

const listRoutes = deriveOnce(buildRoutes);

/** Reads an estate with its routes, and marks drifted nodes; null if there is no snapshot. */
export async function readTopology(
  { connectionId, at }: EstateAsked,
  actor: Actor,
): Promise<Topology | null> {
  const { db } = (await serverContext()).database;
  if (at !== null) {
    const past = await readPastEstate(db, connectionId, at);
    if (past === null) return null;
    const estate = seeEstate(actor, 'estate.getMap', past.estate);
    return { estate, routes: listRoutes(estate), drifted: new Set() };
  }
  const [newest, found] = await Promise.all([newestEstate(db, connectionId), findDrift(db, connectionId)]);
  if (newest === null) return null;
  const estate = seeEstate(actor, 'estate.getMap', newest);
  const routes = listRoutes(estate);
  const objects = listDrifted(found?.watched ?? []).map(({ object }) => object);
  return { estate, routes, drifted: findDriftedNodes(routes, objects) };
}

/** The maximum age of displayed traffic measurements. */
const trafficMs = 24 * 3_600_000;

/** Returns the requests per second of listeners, measured for plans within the last day, by listener id. */
export async function readTraffic(db: Database, connectionId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .select({ readings: planTraffic.readings })
    .from(planTraffic)
    .innerJoin(plans, eq(plans.id, planTraffic.planId))
    .where(and(eq(plans.connectionId, connectionId), gt(planTraffic.at, new Date(Date.now() - trafficMs))))
    .orderBy(asc(planTraffic.at));
  return new Map(
    rows.flatMap(({ readings }) =>
      readings.flatMap(({ listenerId, perSecond }) =>
        perSecond === null ? [] : [[listenerId, perSecond] as const],
      ),
    ),
  );
}
