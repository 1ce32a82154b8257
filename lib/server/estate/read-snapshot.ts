import { and, asc, desc, eq, gt, gte, isNotNull, lte } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estateChanges, estates, estateVersions } from '@/lib/db/schema';
import { applyChanges, reverseChanges } from '@/lib/estate/history/apply-changes';
import type { Estate } from '@/lib/estate/model';

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

/** Returns the nearest version at or after this one that is stored in full. */
async function wholeFrom(
  db: Questions,
  connectionId: string,
  number: number,
): Promise<{ number: number; estate: Estate } | null> {
  const [keyframe] = await db
    .select({ number: estateVersions.number, estate: estateVersions.keyframe })
    .from(estateVersions)
    .where(
      and(
        eq(estateVersions.connectionId, connectionId),
        gte(estateVersions.number, number),
        isNotNull(estateVersions.keyframe),
      ),
    )
    .orderBy(asc(estateVersions.number))
    .limit(1);
  if (keyframe?.estate) return { number: keyframe.number, estate: keyframe.estate };
  const [newest] = await db
    .select({ version: estates.version, merged: estates.merged, estate: estates.estate })
    .from(estates)
    .where(and(eq(estates.connectionId, connectionId), gte(estates.version, number)))
    .limit(1);
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
  { number, firstAt }: Version,
): Promise<Estate | null> {
  const whole = await wholeFrom(db, connectionId, number);
  if (whole === null) return null;
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
  return { ...applyChanges(whole.estate, back), takenAt: firstAt.toISOString() };
}
