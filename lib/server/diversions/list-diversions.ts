import 'server-only';
import { desc, eq, not, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { DiversionSummary } from '@/lib/client/diversion-views';
import { connections, diversions } from '@/lib/db/schema';
import { serverContext } from '@/lib/server/context';
import { readSeries } from '@/lib/server/diversions/read-series';
import { query } from '@/lib/server/verb';
import { readRevisions } from './read-revisions';
import { toDiversionFacts } from './to-diversion-facts';

/** The maximum number listed; others are reached by their own address. */
const newestMax = 500;

/**
 * Superseded occurrences of a daily series would fill the list: the series' page lists them, unless an operator has
 * restored one, or it is long over.
 */
const isOldOccurrence = sql`exists (
  select from occurrence where occurrence.diversion_id = ${diversions.id}
    and (occurrence.replaced_at is not null and ${diversions.discardedAt} is not null or occurrence.t1 < now() - interval '31 days'))`;

/** Returns the newest diversions with the fields of a list. */
export const listDiversions = query(
  'diversion.list',
  z.void(),
  'all',
  async (): Promise<readonly DiversionSummary[]> => {
    const { db } = (await serverContext()).database;
    const rows = await db
      .select({ diversion: diversions, connectionName: connections.name })
      .from(diversions)
      .innerJoin(connections, eq(connections.id, diversions.connectionId))
      .where(not(isOldOccurrence))
      .orderBy(desc(diversions.createdAt), desc(diversions.id))
      .limit(newestMax);
    const ids = rows.map(({ diversion }) => diversion.id);
    const [revisions, series] = await Promise.all([readRevisions(db, ids), readSeries(db, ids)]);
    return rows.map(({ diversion, connectionName }) => ({
      ...toDiversionFacts(diversion, revisions.get(diversion.id) ?? [], series.get(diversion.id) ?? null),
      connectionId: diversion.connectionId,
      connectionName,
    }));
  },
);
