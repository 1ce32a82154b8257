import 'server-only';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { DiversionDraftView, DiversionView } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import { connections, diversions, plans } from '@/lib/db/schema';
import { type Diversion, DiversionId } from '@/lib/diversion/diversion';
import { DiversionDraft } from '@/lib/diversion/draft';
import { listMovedNames } from '@/lib/diversion/routes';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import { readSeries } from '@/lib/server/diversions/read-series';
import { contentVersionSql } from '@/lib/server/plans/content-version';
import { unchangedReads } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { listDisconnected } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { readRecurrence } from '@/lib/store/diversions/read-recurrence';
import { readRevisions } from '@/lib/store/diversions/read-revisions';
import { readFootprint } from '@/lib/store/read-footprint';
import { toDiversionFacts } from './to-diversion-facts';

/** Reads a diversion with all its revisions; null if it does not exist. */
export async function readDiversion(db: Database, id: DiversionId): Promise<DiversionView | null> {
  const [row] = await db
    .select({ diversion: diversions, connection: connections })
    .from(diversions)
    .innerJoin(connections, eq(connections.id, diversions.connectionId))
    .where(eq(diversions.id, id));
  if (row === undefined) return null;
  const revisions = (await readRevisions(db, [id])).get(id) ?? [];
  const series = (await readSeries(db, [id])).get(id) ?? null;
  const planned = await readPlanned(db, id);
  const footprint = await readFootprint(db, { diversion: id });
  invariant(footprint !== null, 'the footprint of a diversion is stored with it');
  return {
    ...toDiversionFacts(row.diversion, revisions, series),
    connection: row.connection,
    footprint,
    disconnected: await listDisconnected(db, [row.connection.id, ...(planned?.connections ?? [])]),
    movedNames: planned === null ? [] : listMovedNames(planned),
    revisions,
    recurrence: await readRecurrence(db, id),
  };
}

const readKeptDiversion = unchangedReads(async (id: DiversionId) =>
  readDiversion((await serverContext()).database.db, id),
);

/** Returns a diversion with all its revisions; null if it does not exist. */
export const getDiversion = query(
  'diversion.get',
  DiversionId,
  (diversion) => ({ diversion }),
  readKeptDiversion,
);

/** Returns the editor's initial draft of a diversion; null if it does not exist. */
export const getDiversionDraft = query(
  'diversion.getDraft',
  DiversionId,
  (diversion) => ({ diversion }),
  async (id): Promise<DiversionDraftView | null> => {
    const { db } = (await serverContext()).database;
    const found = await readDiversion(db, id);
    if (found === null) return null;
    // Read first: a change in between is then refused rather than overwritten.
    const [row] = await db
      .select({ contentVersion: contentVersionSql })
      .from(diversions)
      .where(eq(diversions.id, id));
    invariant(row !== undefined, 'diversions are never removed');
    const { contentVersion } = row;
    const intent = await readIntent(db, id);
    const nextRevision = (found.newest?.number ?? 0) + 1;
    const { state, connection, footprint } = found;
    return (
      intent && { id, state, connectionId: connection.id, footprint, nextRevision, contentVersion, intent }
    );
  },
);

/** Reads the draft of a diversion, or the diversion of its newest plan. */
export async function readIntent(
  db: Database,
  id: DiversionId,
): Promise<DiversionDraftView['intent'] | null> {
  const [row] = await db.select({ draft: diversions.draft }).from(diversions).where(eq(diversions.id, id));
  // An invalid number is stored as null: it becomes an empty field again.
  if (row?.draft != null) return { kind: 'draft', draft: DiversionDraft.parse(row.draft) };
  const diversion = await readPlanned(db, id);
  return diversion === null ? null : { kind: 'planned', diversion };
}

/** Reads the diversion of a diversion's newest plan; null if it has no plan. */
async function readPlanned(db: Database, id: DiversionId): Promise<Diversion | null> {
  const [plan] = await db
    .select({ diversion: sql<Diversion>`${plans.plan}->'diversion'` })
    .from(plans)
    // A plan that restores drifted objects contains the whole diversion as well, under its own name.
    .where(and(eq(plans.diversionId, id), isNull(sql`${plans.plan}->'restores'`)))
    .orderBy(desc(plans.revision))
    .limit(1);
  return plan?.diversion ?? null;
}

/** Returns the diversion of a stored plan; null if the plan does not exist. */
export async function findDiversionId(db: Database, planId: PlanId): Promise<DiversionId | null> {
  const [row] = await db.select({ id: plans.diversionId }).from(plans).where(eq(plans.id, planId));
  return row?.id ?? null;
}
