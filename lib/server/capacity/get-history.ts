import 'server-only';
import { and, count, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { TrafficHistoryView } from '@/lib/contract/capacity';
import { trafficHistories } from '@/lib/db/schema';
import { type AskedHistory, HistoryPlace, planHistory } from '@/lib/estate/history/traffic-history';
import { invariant } from '@/lib/invariant';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readPlaces } from './list-places';

/** A read that has not ended by then is requested again: its request may have been lost. In seconds, like the others. */
const lostAfterS = 120;
const failedForS = 10;
/** Values of the last minutes may still come, because Monitor lags; those before stay. */
const freshForS = 30;
const settledAfterMs = 600_000;
const settledForS = 3600;
/** The reads of an account that are under way: each takes up to 100 calls of a rate that runs need, too. Our own choice. */
const runningMax = 3;

const Asked = z.object({
  connectionId: z.string().max(200),
  place: HistoryPlace,
  /** The event, both as instants. It is extended to whole periods. */
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
});

/**
 * Returns the requests of a past event as the worker last read them from the account's Monitor, and requests a new read if
 * they are not there or too old: the dashboard itself can't call the cloud. Callers poll until it is no longer `running`.
 * @returns null if the account's newest snapshot has no such place, or the actor may not see it
 */
export const getTrafficHistory = query(
  'capacity.readHistory',
  Asked,
  ({ connectionId, place: { region, domain } }) => ({
    connections: [connectionId],
    regions: [region],
    ...(domain === null ? {} : { domains: [domain] }),
  }),
  async ({ connectionId, place, from, to }, actor): Promise<TrafficHistoryView | null> => {
    const places = await readPlaces(connectionId, actor);
    const isKnown = places?.some(({ place: known }) => isWithin(known, place)) ?? false;
    if (!isKnown) return null;
    const planned = planHistory({ from: Date.parse(from), to: Date.parse(to) }, Date.now());
    if (!planned.ok) return { state: 'refused', problem: planned.problem };
    return askHistory(connectionId, { place, span: planned.span });
  },
);

/** Returns whether a place is a known one, or a path of it. */
function isWithin(known: HistoryPlace, place: HistoryPlace): boolean {
  const { region, loadBalancerId, listenerId, domain } = known;
  return (
    place.region === region &&
    place.loadBalancerId === loadBalancerId &&
    place.listenerId === listenerId &&
    place.domain === domain
  );
}

async function askHistory(connectionId: string, asked: AskedHistory): Promise<TrafficHistoryView> {
  const { database, engine } = await serverContext();
  const { db } = database;
  const key = JSON.stringify(asked);
  const isIt = and(eq(trafficHistories.connectionId, connectionId), eq(trafficHistories.key, key));
  const isAlive = sql`${trafficHistories.state} = 'running' and ${trafficHistories.askedAt} > now() - ${lostAfterS}::int * interval '1 second'`;
  const [busy] = await db
    .select({ count: count() })
    .from(trafficHistories)
    .where(
      and(eq(trafficHistories.connectionId, connectionId), sql`${trafficHistories.key} <> ${key}`, isAlive),
    );
  const [known] = await db.select().from(trafficHistories).where(isIt);
  if (known === undefined && (busy?.count ?? 0) >= runningMax) return { state: 'refused', problem: 'busy' };
  const keptForS = asked.span.to < Date.now() - settledAfterMs ? settledForS : freshForS;
  const isDue = sql`${trafficHistories.askedAt} < now() - (case when ${trafficHistories.state} = 'running'
    then ${lostAfterS} when ${trafficHistories.state} = 'failed' then ${failedForS} else ${keptForS} end)::int * interval '1 second'`;
  const due = await db
    .insert(trafficHistories)
    .values({ connectionId, key, asked, state: 'running' })
    .onConflictDoUpdate({
      target: [trafficHistories.connectionId, trafficHistories.key],
      set: { state: 'running', askedAt: sql`now()` },
      setWhere: isDue,
    })
    .returning({ key: trafficHistories.key });
  if (due.length > 0) await engine.enqueueTrafficHistory({ connectionId, key });
  const [row] = await db.select().from(trafficHistories).where(isIt);
  invariant(row !== undefined, 'a reading that was asked for is stored');
  const { state, content, readAt, error } = row;
  return { state, content, readAt: readAt?.toISOString() ?? null, error };
}
