import 'server-only';
import { and, desc, eq, inArray, isNull, not, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { DiversionSummary } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import { connections, diversions } from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import { ok, type Result } from '@/lib/result';
import { readSight, type Sight } from '@/lib/server/access/read-sight';
import { readSeries } from '@/lib/server/diversions/read-series';
import type { KeysetPage } from '@/lib/server/page-params';
import { unchangedRead } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readRevisions } from '@/lib/store/diversions/read-revisions';
import { refuseFields } from '@/lib/store/refusal';
import { isOpenRun, runsWithStateEvent } from '@/lib/store/runs/last-state-events';
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

/** A run that waits, is in progress or stopped may need an operator, even if its diversion is old. */
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
  return toSummaries(db, rows);
}

type Row = {
  readonly diversion: typeof diversions.$inferSelect;
  readonly connectionName: string;
};

/** Adds what a list shows of each diversion. */
async function toSummaries(db: Database, rows: readonly Row[]): Promise<readonly DiversionSummary[]> {
  const ids = rows.map(({ diversion }) => diversion.id);
  const [revisions, series] = await Promise.all([readRevisions(db, ids), readSeries(db, ids)]);
  return rows.map(({ diversion, connectionName }) => ({
    ...toDiversionFacts(diversion, revisions.get(diversion.id) ?? [], series.get(diversion.id) ?? null),
    connectionId: diversion.connectionId,
    connectionName,
  }));
}

const AllInput = z.object({ limit: z.number().int().min(1).max(200), after: z.string().max(100).nullable() });

/**
 * Lists all diversions that the actor may see, newest first, but for superseded occurrences of a series. A page begins after a
 * diversion, so that new ones move none from one page to the next.
 */
export const listAllDiversions = query(
  'diversion.listAll',
  AllInput,
  'all',
  async ({ limit, after }, actor): Promise<Result<KeysetPage<DiversionSummary>, ActionError>> => {
    const { db } = (await serverContext()).database;
    const sight = await readSight(db, actor, 'diversion.listAll');
    const isSeen = sight === null ? undefined : inArray(diversions.id, [...sight.diversions]);
    const start = after === null ? null : DiversionId.safeParse(after);
    const isPlace =
      start === null ||
      (start.success && (await db.$count(diversions, and(eq(diversions.id, start.data), isSeen))) > 0);
    if (!isPlace || start?.success === false) return refuseFields({ cursor: ['request.cursor'] });
    const isAfter =
      start === null
        ? undefined
        : sql`(${diversions.createdAt}, ${diversions.id}) < (
            select place.created_at, place.id from diversion as place where place.id = ${start.data})`;
    const found = await db
      .select({ diversion: diversions, connectionName: connections.name })
      .from(diversions)
      .innerJoin(connections, eq(connections.id, diversions.connectionId))
      .where(and(isSeen, isAfter, not(isOldOccurrence)))
      .orderBy(desc(diversions.createdAt), desc(diversions.id))
      // One more tells whether there is another page.
      .limit(limit + 1);
    const items = await toSummaries(db, found.slice(0, limit));
    return ok({ items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null });
  },
);

const readAllDiversions = unchangedRead(async () =>
  readDiversions((await serverContext()).database.db, null),
);

/** Returns the newest diversions, and all with an open run, as far as the actor may see them. */
export const listDiversions = query('diversion.list', z.void(), 'all', async (_input, actor) => {
  const { db } = (await serverContext()).database;
  const sight = await readSight(db, actor, 'diversion.list');
  return sight === null ? readAllDiversions() : readDiversions(db, sight);
});
