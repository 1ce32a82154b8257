import { and, count, desc, eq, gt, isNotNull, lt, lte, max, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connections, estateChanges, estates, estateVersions } from '@/lib/db/schema';
import {
  type EstateList,
  type EstateObject,
  estateLists,
  getList,
  unreadIn,
} from '@/lib/estate/estate-lists';
import { namesInTrail } from '@/lib/estate/history/audit-match';
import { carryUnread, cloudChanges } from '@/lib/estate/history/carry-unread';
import { byKey, diffEstates, type EstateChange } from '@/lib/estate/history/diff-estates';
import { isMeasured } from '@/lib/estate/history/measured-change';
import type { Estate } from '@/lib/estate/model';

async function lastSyncAt(db: Statements, connectionId: string, number: number): Promise<Date | null> {
  const [version] = await db
    .select({ lastAt: estateVersions.lastAt })
    .from(estateVersions)
    .where(and(eq(estateVersions.connectionId, connectionId), eq(estateVersions.number, number)));
  return version?.lastAt ?? null;
}

/** Returns the last sync before a part became a gap; null if the history started with the gap. */
async function syncBeforeGap(
  db: Statements,
  connectionId: string,
  part: string,
  number: number,
): Promise<Date | null> {
  const [gap] = await db
    .select({ version: estateChanges.version })
    .from(estateChanges)
    .where(
      and(
        ...[eq(estateChanges.connectionId, connectionId), eq(estateChanges.kind, 'gaps')],
        ...[eq(estateChanges.key, part), lte(estateChanges.version, number)],
      ),
    )
    .orderBy(desc(estateChanges.version))
    .limit(1);
  return gap === undefined ? null : lastSyncAt(db, connectionId, gap.version - 1);
}

type ChangeFacts = {
  /** The last earlier sync that could read the object's part; null = not stored. */
  readonly seenAt: Date | null;
  /** The possible names of the object in the cloud's audit trail. */
  readonly names: readonly string[];
};

/**
 * Collects the facts that are stored with changes.
 * @param last the version before the changes
 * @returns a function that returns the facts of one change
 */
async function changeFacts(
  db: Statements,
  connectionId: string,
  { number, merged }: StoredVersion,
): Promise<(change: EstateChange) => Promise<ChangeFacts>> {
  const observedAt = await lastSyncAt(db, connectionId, number);
  const isUnread = unreadIn(merged);
  const objects = new Map<EstateList, Map<string, EstateObject>>();
  const findObject = (kind: EstateList, change: EstateChange): EstateObject | undefined => {
    if (change.op !== 'changed') return change.object;
    const all = objects.get(kind) ?? byKey(kind, getList(merged, kind));
    objects.set(kind, all);
    return all.get(change.key);
  };
  const beforeGaps = new Map<string, Promise<Date | null>>();
  const seenAt = async (kind: EstateList, object: EstateObject): Promise<Date | null> => {
    const gap = merged.gaps.find((each) => isUnread(kind, object, { gaps: [each], regions: merged.regions }));
    if (gap === undefined) return observedAt;
    const found = beforeGaps.get(gap.part) ?? syncBeforeGap(db, connectionId, gap.part, number);
    beforeGaps.set(gap.part, found);
    return found;
  };
  return async (change) => {
    const { kind } = change;
    const object = kind === 'estate' ? undefined : findObject(kind, change);
    if (kind === 'estate' || object === undefined) return { seenAt: observedAt, names: [] };
    return { seenAt: await seenAt(kind, object), names: namesInTrail(kind, object) };
  };
}

/** The database or a transaction. */
export type Statements = Pick<Database, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;

/** A version of the history, and the known snapshot that it represents. */
export type StoredVersion = { readonly number: number; readonly merged: Estate };

/** The minimum number of changes between two keyframes: small estates need few. */
const keyframeAfterMin = 200;
/** The number of rows per insert: the wire protocol of Postgres accepts 65,535 parameters. */
const rowsMax = 1000;

/** Returns whether reversing this many more changes would cost more than reading a full snapshot. */
async function isKeyframeDue(
  db: Statements,
  connectionId: string,
  { merged }: StoredVersion,
  more: number,
): Promise<boolean> {
  const mine = eq(estateVersions.connectionId, connectionId);
  const [last] = await db
    .select({ number: max(estateVersions.number) })
    .from(estateVersions)
    .where(and(mine, isNotNull(estateVersions.keyframe)));
  const [since] = await db
    .select({ changes: count() })
    .from(estateChanges)
    .where(and(eq(estateChanges.connectionId, connectionId), gt(estateChanges.version, last?.number ?? 0)));
  const objects = estateLists.reduce((sum, list) => sum + getList(merged, list).length, 0);
  return (since?.changes ?? 0) + more > Math.max(keyframeAfterMin, objects);
}

async function addVersion(
  db: Statements,
  connectionId: string,
  storedVersion: StoredVersion,
  at: Date,
): Promise<StoredVersion> {
  const { number } = storedVersion;
  await db.insert(estateVersions).values({ connectionId, number, firstAt: at, lastAt: at });
  return storedVersion;
}

async function addChanges(
  db: Statements,
  connectionId: string,
  last: StoredVersion,
  changes: readonly EstateChange[],
): Promise<void> {
  const readFacts = await changeFacts(db, connectionId, last);
  for (let from = 0; from < changes.length; from += rowsMax) {
    const rows = changes.slice(from, from + rowsMax).map(async (change) => {
      const { seenAt, names } = await readFacts(change);
      const { kind, key } = change;
      const noted = { measured: isMeasured(change), names: [...names], seenAt };
      return { connectionId, version: last.number + 1, kind, key, change, ...noted };
    });
    await db.insert(estateChanges).values(await Promise.all(rows));
  }
}

async function setKeyframe(
  db: Statements,
  connectionId: string,
  { number, merged }: StoredVersion,
): Promise<void> {
  await db
    .update(estateVersions)
    .set({ keyframe: merged })
    .where(and(eq(estateVersions.connectionId, connectionId), eq(estateVersions.number, number)));
}

/**
 * Stores a snapshot in the history: as a new version if the cloud has changed, otherwise as one more sync of the last
 * version.
 * @param last the newest stored version; null = the history is empty
 * @param observedAt when the cloud was in this state
 * @returns the version of the snapshot: `last` itself if the snapshot is identical
 */
async function storeVersion(
  db: Statements,
  connectionId: string,
  last: StoredVersion | null,
  snapshot: Estate,
  observedAt: Date,
): Promise<StoredVersion> {
  if (last === null) {
    // The history is empty, or its stored versions can no longer be reconstructed.
    await db.delete(estateVersions).where(eq(estateVersions.connectionId, connectionId));
    return addVersion(db, connectionId, { number: 1, merged: snapshot }, observedAt);
  }
  const merged = carryUnread(last.merged, snapshot);
  const all = diffEstates(last.merged, merged);
  const changes = cloudChanges(all, last.merged, merged);
  // This build reads other parts than the previous one. Changes can't express that, so the version is stored in full.
  const isOtherBuild = all.some((change) => change.kind !== 'gaps' && !changes.includes(change));
  if (changes.length > 0 || isOtherBuild) {
    if (isOtherBuild || (await isKeyframeDue(db, connectionId, last, changes.length)))
      await setKeyframe(db, connectionId, last);
    const storedVersion = await addVersion(db, connectionId, { number: last.number + 1, merged }, observedAt);
    await addChanges(db, connectionId, last, changes);
    return storedVersion;
  }
  await db
    .update(estateVersions)
    .set({ lastAt: sql`greatest(${estateVersions.lastAt}, ${observedAt.toISOString()}::timestamptz)` })
    .where(and(eq(estateVersions.connectionId, connectionId), eq(estateVersions.number, last.number)));
  return all.length === 0 ? last : { number: last.number, merged };
}

/** Deletes versions that ended before the retention period. */
async function forgetOld(db: Statements, connectionId: string, keptDays: number): Promise<void> {
  await db.delete(estateVersions).where(
    and(
      eq(estateVersions.connectionId, connectionId),
      lt(
        estateVersions.number,
        sql`(select max(number) from estate_version where connection_id = ${connectionId}
          and first_at < now() - make_interval(days => ${keptDays}))`,
      ),
    ),
  );
}

/**
 * Locks a connection so that only one of its snapshots is stored at a time. Rows that refer to the connection can still
 * be inserted.
 */
export async function lockConnection(db: Statements, connectionId: string): Promise<void> {
  await db
    .select({ id: connections.id })
    .from(connections)
    .where(eq(connections.id, connectionId))
    .for('no key update');
}

const estateTimes = ({ takenAt, partsAt }: Estate) => ({
  takenAt: new Date(takenAt),
  partsAt: partsAt === null ? null : new Date(partsAt),
});

async function replaceNewest(
  db: Statements,
  connectionId: string,
  { number: version, merged }: StoredVersion,
  snapshot: Estate,
): Promise<void> {
  await db.delete(estates).where(eq(estates.connectionId, connectionId));
  await db.insert(estates).values({
    connectionId,
    ...estateTimes(snapshot),
    estate: snapshot,
    version,
    merged: merged === snapshot ? null : merged,
  });
}

/**
 * Makes a snapshot the newest of its connection and stores it in the history, with or without changes. Must be called
 * in a transaction.
 * @param observedAt when the cloud was in this state; `snapshot.takenAt` may be older if only a part was read again
 * @param keptDays the retention of the history in days
 */
export async function storeEstate(
  db: Statements,
  connectionId: string,
  snapshot: Estate,
  { observedAt, keptDays }: { readonly observedAt: Date; readonly keptDays: number },
): Promise<void> {
  await lockConnection(db, connectionId);
  const mine = eq(estates.connectionId, connectionId);
  const [newest] = await db.select().from(estates).where(mine).orderBy(desc(estates.id)).limit(1);
  const before =
    newest === undefined ? null : { number: newest.version, merged: newest.merged ?? newest.estate };
  const storedVersion = await storeVersion(db, connectionId, before, snapshot, observedAt);
  if (storedVersion === before) await db.update(estates).set(estateTimes(snapshot)).where(mine);
  else await replaceNewest(db, connectionId, storedVersion, snapshot);
  await forgetOld(db, connectionId, keptDays);
}
