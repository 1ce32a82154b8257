import 'server-only';
import { and, desc, eq, inArray, isNull, not, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { DiversionSummary } from '@/lib/client/diversion-views';
import type { Database } from '@/lib/db/database';
import { connections, diversions } from '@/lib/db/schema';
import { readSight, type Sight } from '@/lib/server/access/read-sight';
import { serverContext } from '@/lib/server/context';
import { readSeries } from '@/lib/server/diversions/read-series';
import { isOpenRun, runsWithStateEvent } from '@/lib/server/journal/last-state-events';
import { query } from '@/lib/server/verb';
import { readRevisions } from './read-revisions';
import { toDiversionFacts } from './to-diversion-facts';

/** The maximum number listed without an open run; others are reached by their own address. */
const newestMax = 500;

/**
 * Superseded occurrences of a daily series would fill the list: the series' page lists them, unless an operator has
 * restored one, or it is long over.
 */
const isOldOccurrence = sql`exists (
  select from occurrence where occurrence.diversion_id = diversion.id
    and (occurrence.replaced_at is not null and diversion.discarded_at is not null or occurrence.t1 < now() - interval '31 days'))`;

/** A run that waits, is in progress or held may need an operator, even if its diversion is old. */
const withOpenRun = sql`(
  select plan.diversion_id from ${runsWithStateEvent} join plan on plan.id = run.plan_id where ${isOpenRun})`;

/**
 * Reads the newest diversions, and all with an open run, with the fields of a list.
 * @param sight what the reader may see; null = everything
 */
export async function readDiversions(
  db: Database,
  sight: Sight | null,
): Promise<readonly DiversionSummary[]> {
  const isSeen = sight === null ? undefined : inArray(diversions.id, [...sight.diversions]);
  const newestFirst = [desc(diversions.createdAt), desc(diversions.id)];
  const newest = db
    .select({ id: diversions.id })
    .from(diversions)
    .where(and(not(isOldOccurrence), isSeen))
    .orderBy(...newestFirst)
    .limit(newestMax);
  const rows = await db
    .select({ diversion: diversions, connectionName: connections.name })
    .from(diversions)
    .innerJoin(connections, eq(connections.id, diversions.connectionId))
    .where(
      and(
        isSeen,
        or(
          inArray(diversions.id, newest),
          and(isNull(diversions.discardedAt), inArray(diversions.id, withOpenRun)),
        ),
      ),
    )
    .orderBy(...newestFirst);
  const ids = rows.map(({ diversion }) => diversion.id);
  const [revisions, series] = await Promise.all([readRevisions(db, ids), readSeries(db, ids)]);
  return rows.map(({ diversion, connectionName }) => ({
    ...toDiversionFacts(diversion, revisions.get(diversion.id) ?? [], series.get(diversion.id) ?? null),
    connectionId: diversion.connectionId,
    connectionName,
  }));
}

/** Returns the newest diversions, and all with an open run, as far as the actor may see them. */
export const listDiversions = query('diversion.list', z.void(), 'all', async (_input, actor) => {
  const { db } = (await serverContext()).database;
  return readDiversions(db, await readSight(db, actor, 'diversion.list'));
});
