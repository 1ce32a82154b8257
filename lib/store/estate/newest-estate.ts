import 'server-only';
import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estates } from '@/lib/db/schema';
import { joinEstates } from '@/lib/estate/join-estates';
import { type Estate, readStoredEstate } from '@/lib/estate/model';
import { ownedKey } from '@/lib/estate/object-state';
import { listUnread, withOwnWrites } from '@/lib/run/with-own-writes';
import { readBaselinesSince, readOwnLoadBalancers } from '@/lib/store/runs/read-run-baselines';

type Reader = Pick<Database, 'select'>;
type Kept = { readonly row: number; readonly estate: Promise<Estate | null | undefined> };

/** The cached snapshots, by reader, then connection: only the newest one of each. */
const keptBy = new WeakMap<Reader, Map<string, Kept>>();

/** Reads the content of a row; undefined if the row was deleted because another snapshot replaced it. */
async function readRow(db: Reader, row: number): Promise<Estate | null | undefined> {
  const [found] = await db.select({ estate: estates.estate }).from(estates).where(eq(estates.id, row));
  return found === undefined ? undefined : readStoredEstate(found.estate);
}

/**
 * Returns the content of the newest row. The snapshot of a row is immutable; only its times change. So a large one is
 * read and parsed once, and all readers share it.
 */
async function sharedRow(db: Reader, connectionId: string, row: number): Promise<Estate | null | undefined> {
  const kept = keptBy.get(db) ?? new Map<string, Kept>();
  keptBy.set(db, kept);
  const known = kept.get(connectionId);
  if (known?.row === row) return known.estate;
  const estate = readRow(db, row);
  kept.set(connectionId, { row, estate });
  const forget = () => {
    if (kept.get(connectionId)?.estate === estate) kept.delete(connectionId);
  };
  // A failed read, or one of a deleted row, is retried.
  estate.then((found) => found === undefined && forget(), forget);
  return estate;
}

/**
 * Returns the newest snapshot of a connection without later writes, as of the last sync that found it: the base for
 * syncs and drift. null before the first sync.
 */
export async function newestSnapshot(db: Reader, connectionId: string): Promise<Estate | null> {
  const [row] = await db
    .select({ id: estates.id, takenAt: estates.takenAt, partsAt: estates.partsAt })
    .from(estates)
    .where(eq(estates.connectionId, connectionId))
    .orderBy(desc(estates.id))
    .limit(1);
  if (row === undefined) return null;
  const estate = await sharedRow(db, connectionId, row.id);
  if (estate === undefined) return newestSnapshot(db, connectionId);
  if (estate === null) return null;
  return {
    ...estate,
    takenAt: row.takenAt.toISOString(),
    partsAt: row.partsAt?.toISOString() ?? null,
  };
}

/** Returns the newest snapshot, updated with what runs have written since, and the load balancers that runs have created. */
async function writtenEstate(db: Database, connectionId: string): Promise<Estate | null> {
  const snapshot = await newestSnapshot(db, connectionId);
  if (snapshot === null) return null;
  const [baselines, ownLoadBalancers] = await Promise.all([
    readBaselinesSince(db, connectionId, snapshot.takenAt),
    readOwnLoadBalancers(db, connectionId),
  ]);
  return { ...withOwnWrites(snapshot, baselines), ownLoadBalancers };
}

/**
 * Returns the newest known state of a connection's account: its newest snapshot, updated with the later writes of
 * Spillway's own runs, so that a plan created right after a run starts from that run's result. Objects created by runs
 * have their names. null before the first sync.
 * @param others connections whose estates are joined; null while one of them has not been synced either
 */
export async function newestEstate(
  db: Database,
  connectionId: string,
  others: readonly string[] = [],
): Promise<Estate | null> {
  const own = await writtenEstate(db, connectionId);
  if (own === null || others.length === 0) return own;
  const beside = others.filter((id) => id !== connectionId);
  const read = await Promise.all(beside.map((id) => writtenEstate(db, id)));
  const known = read.filter((estate) => estate !== null);
  return known.length < read.length ? null : joinEstates(own, known);
}

/**
 * Returns the keys (`ownedKey`) of objects in some accounts that Spillway has written after the last sync that read them,
 * where the newest estate can't show the result: a plan that changes them must wait for a sync.
 */
export async function readUnreadKeys(
  db: Database,
  connectionIds: readonly string[],
): Promise<readonly string[]> {
  const keys = await Promise.all(
    connectionIds.map(async (id) => {
      const snapshot = await newestSnapshot(db, id);
      if (snapshot === null) return [];
      const baselines = await readBaselinesSince(db, id, snapshot.takenAt);
      return listUnread(snapshot, baselines).map((object) => ownedKey(object, id));
    }),
  );
  return keys.flat();
}
