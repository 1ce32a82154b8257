import { and, desc, eq, lte } from 'drizzle-orm';
import { estateChanges, estateVersions } from '@/lib/db/schema';
import { type EstateList, type EstateObject, getList, unreadIn } from '@/lib/estate/estate-lists';
import { namesInTrail } from '@/lib/estate/history/audit-match';
import { byKey, type EstateChange } from '@/lib/estate/history/diff-estates';
import type { Statements, StoredVersion } from './store-estate';

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

export type ChangeFacts = {
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
export async function changeFacts(
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
