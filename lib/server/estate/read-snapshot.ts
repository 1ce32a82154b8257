import { and, asc, desc, eq, gt, gte, isNotNull, lte } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estateChanges, estates, estateVersions } from '@/lib/db/schema';
import { type EstateList, type EstateObject, getList, inKeyOrder } from '@/lib/estate/estate-lists';
import { byKey, type EstateChange, type FieldChange, itemsWithout } from '@/lib/estate/history/diff-estates';
import type { Estate } from '@/lib/estate/model';

type Fields = Readonly<Record<string, unknown>>;

/** Returns an object, or an estate's data beside its lists, with some fields replaced. */
function withFields<T extends object>(object: T, fields: readonly FieldChange[]): T {
  const next: Record<string, unknown> = { ...(object as Fields) };
  for (const change of fields) {
    const { field } = change;
    if ('removed' in change) {
      const items = (object as Fields)[field] as readonly unknown[];
      next[field] = [...itemsWithout(items, change.removed), ...change.added];
    } else if (change.after === undefined) delete next[field];
    else next[field] = change.after;
  }
  return next as T;
}

/**
 * Applies changes to an estate in order: any number of changes of one object, from any number of steps. Lists are
 * returned in the order of syncs; the connection and the time of the sync are unchanged.
 * @param changes as found by `diffEstates`, starting from this estate
 */
export function applyChanges(estate: Estate, changes: readonly EstateChange[]): Estate {
  let next: Estate = { ...estate };
  const touched = new Map<EstateList, Map<string, EstateObject>>();
  const indexObjects = (kind: EstateList) => {
    const known = touched.get(kind) ?? byKey(kind, getList(estate, kind));
    touched.set(kind, known);
    return known;
  };
  for (const change of changes) {
    const { kind, key } = change;
    if (kind === 'estate') {
      if (change.op === 'changed') next = withFields(next, change.fields);
      continue;
    }
    const objects = indexObjects(kind);
    if (change.op === 'changed') {
      const object = objects.get(key);
      if (object !== undefined) objects.set(key, withFields(object, change.fields));
    } else if (change.op === 'added') objects.set(key, change.object);
    else objects.delete(key);
  }
  const lists = [...touched].map(([kind, objects]) => [kind, inKeyOrder(kind, objects.values())]);
  return { ...next, ...Object.fromEntries(lists) };
}

const opposite = { added: 'removed', removed: 'added' } as const;

function reverseField(change: FieldChange): FieldChange {
  const { field } = change;
  if ('removed' in change) return { field, removed: change.added, added: change.removed };
  const { before, after } = change;
  return {
    field,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}

/** Returns the inverse: applied to the later estate, it gives the earlier one. */
export function reverseChanges(changes: readonly EstateChange[]): readonly EstateChange[] {
  return changes.toReversed().map((change) => {
    if (change.op === 'changed') return { ...change, fields: change.fields.map(reverseField) };
    return { ...change, op: opposite[change.op] };
  });
}

/** The database methods that are needed. Run related queries in one transaction. */
export type Questions = Pick<Database, 'select'>;

/** A period in which every sync found the same state. */
export type Version = {
  readonly number: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The sync that found a different state; null = this is the newest version. */
  readonly nextAt: Date | null;
};

const columns = {
  number: estateVersions.number,
  firstAt: estateVersions.firstAt,
  lastAt: estateVersions.lastAt,
};

async function withNext(
  db: Questions,
  connectionId: string,
  found: Omit<Version, 'nextAt'> | undefined,
): Promise<Version | null> {
  if (found === undefined) return null;
  const [next] = await db
    .select({ firstAt: estateVersions.firstAt })
    .from(estateVersions)
    .where(and(eq(estateVersions.connectionId, connectionId), gt(estateVersions.number, found.number)))
    .orderBy(asc(estateVersions.number))
    .limit(1);
  return { ...found, nextAt: next?.firstAt ?? null };
}

/**
 * Returns the version that was current at an instant, by the last sync before it; null before the first stored sync.
 */
export async function versionAt(db: Questions, connectionId: string, at: Date): Promise<Version | null> {
  const [found] = await db
    .select(columns)
    .from(estateVersions)
    .where(and(eq(estateVersions.connectionId, connectionId), lte(estateVersions.firstAt, at)))
    .orderBy(desc(estateVersions.number))
    .limit(1);
  return withNext(db, connectionId, found);
}

/** Returns the first version of the history. */
export async function firstVersion(db: Questions, connectionId: string): Promise<Version | null> {
  const [found] = await db
    .select(columns)
    .from(estateVersions)
    .where(eq(estateVersions.connectionId, connectionId))
    .orderBy(asc(estateVersions.number))
    .limit(1);
  return withNext(db, connectionId, found);
}

/** A version that is stored in full. */
type Whole = { readonly number: number; readonly estate: Estate };

/** Returns the nearest version at or after this one that is stored in full: `known`, if it is that one. */
async function wholeFrom(
  db: Questions,
  connectionId: string,
  number: number,
  known: Whole | null,
): Promise<Whole | null> {
  const kept = and(
    eq(estateVersions.connectionId, connectionId),
    gte(estateVersions.number, number),
    isNotNull(estateVersions.keyframe),
  );
  const [nearest] = await db
    .select({ number: estateVersions.number })
    .from(estateVersions)
    .where(kept)
    .orderBy(asc(estateVersions.number))
    .limit(1);
  if (nearest !== undefined) {
    if (nearest.number === known?.number) return known;
    const [keyframe] = await db
      .select({ estate: estateVersions.keyframe })
      .from(estateVersions)
      .where(and(eq(estateVersions.connectionId, connectionId), eq(estateVersions.number, nearest.number)));
    return keyframe?.estate ? { number: nearest.number, estate: keyframe.estate } : null;
  }
  const isNewest = and(eq(estates.connectionId, connectionId), gte(estates.version, number));
  const [current] = await db.select({ version: estates.version }).from(estates).where(isNewest);
  if (current?.version != null && current.version === known?.number) return known;
  const [newest] = await db
    .select({ version: estates.version, merged: estates.merged, estate: estates.estate })
    .from(estates)
    .where(isNewest);
  if (newest?.version == null) return null;
  return { number: newest.version, estate: newest.merged ?? newest.estate };
}

/**
 * Returns the known snapshot of a version: parts that its syncs could not read have their last known content (see
 * `asRead`).
 * @returns null if no later full version is left to reconstruct it from
 */
export async function readSnapshot(
  db: Questions,
  connectionId: string,
  version: Version,
): Promise<Estate | null> {
  const [snapshot] = await readSnapshots(db, connectionId, [version]);
  return snapshot ?? null;
}

/**
 * Returns the snapshots of versions as `readSnapshot` does. Those that come from the same full version share its
 * objects as far as they are equal: a large estate is read and parsed once, and comparing them is fast.
 */
export async function readSnapshots(
  db: Questions,
  connectionId: string,
  versions: readonly Version[],
): Promise<readonly (Estate | null)[]> {
  const snapshots: (Estate | null)[] = [];
  let whole: Whole | null = null;
  for (const { number, firstAt } of versions) {
    whole = await wholeFrom(db, connectionId, number, whole);
    if (whole === null) {
      snapshots.push(null);
      continue;
    }
    const rows = await db
      .select({ change: estateChanges.change })
      .from(estateChanges)
      .where(
        and(
          eq(estateChanges.connectionId, connectionId),
          gt(estateChanges.version, number),
          lte(estateChanges.version, whole.number),
        ),
      )
      .orderBy(asc(estateChanges.version));
    const back = reverseChanges(rows.map(({ change }) => change));
    snapshots.push({ ...applyChanges(whole.estate, back), takenAt: firstAt.toISOString() });
  }
  return snapshots;
}
