import 'server-only';
import { and, eq, inArray, max } from 'drizzle-orm';
import { z } from 'zod';
import type { BindingsView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { estateChanges, estateVersions } from '@/lib/db/schema';
import { collectBindings } from '@/lib/estate/bindings/bindings';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';
import { newestEstate } from './newest-estate';

/** Returns when each rule and each listener last changed, for those that did within the history, by list and id. */
async function lastChanges(db: Database, connectionId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select({ kind: estateChanges.kind, key: estateChanges.key, at: max(estateVersions.firstAt) })
    .from(estateChanges)
    .innerJoin(
      estateVersions,
      and(
        eq(estateVersions.connectionId, estateChanges.connectionId),
        eq(estateVersions.number, estateChanges.version),
      ),
    )
    .where(
      and(
        eq(estateChanges.connectionId, connectionId),
        inArray(estateChanges.kind, ['rules', 'listeners']),
        eq(estateChanges.measured, false),
      ),
    )
    .groupBy(estateChanges.kind, estateChanges.key);
  return new Map(rows.map(({ kind, key, at }) => [`${kind}/${key}`, at?.toISOString() ?? '']));
}

/** Reads every rule and every layer 4 listener of a connection, as of its last sync; null before the first. */
export async function readBindings(connectionId: string): Promise<BindingsView | null> {
  const { db } = (await serverContext()).database;
  const [estate, changes] = await Promise.all([
    newestEstate(db, connectionId),
    lastChanges(db, connectionId),
  ]);
  if (estate === null) return null;
  return {
    takenAt: estate.takenAt,
    regions: estate.regions,
    gaps: estate.gaps,
    bindings: collectBindings(estate).map((binding) => ({
      ...binding,
      changedAt: changes.get(`${binding.list}/${binding.id}`) ?? null,
    })),
  };
}

/** Returns every rule and every layer 4 listener of a connection; null before the first sync. */
export const listBindings = query(
  'binding.list',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  readBindings,
);
