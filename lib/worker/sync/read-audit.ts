import { and, desc, eq, gt, inArray, isNull, min, or, sql } from 'drizzle-orm';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { estateChanges, estateVersions } from '@/lib/db/schema';
import type { AuditReading, AuditTrail } from '@/lib/estate/history/audit';
import { writtenAfter } from '@/lib/store/runs/written-after';

/**
 * The audit trail lags, without a documented limit: it is queried again about a change for this long, at most every
 * `againMs`.
 */
const lagMs = 30 * 60_000;
const againMs = 60_000;
/** The age after which changes are no longer queried. */
const givenUpMs = 24 * 3_600_000;
/** The maximum number of changes per query, newest first. */
const versionsMax = 50;
/** The maximum number of events stored per version. */
const eventsMax = 200;

type Version = {
  readonly number: number;
  readonly storedAt: Date;
  /** The earliest time of its writes. */
  readonly from: Date;
  readonly audit: AuditReading | null;
};

/** Returns the versions to look up: new ones, and those that the audit trail may have more records of by now. */
async function dueVersions(db: Database, connectionId: string, now: number): Promise<readonly Version[]> {
  const rows = await db
    .select({
      number: estateVersions.number,
      storedAt: estateVersions.storedAt,
      firstAt: estateVersions.firstAt,
      audit: estateVersions.audit,
      seenAt: min(estateChanges.seenAt),
    })
    .from(estateVersions)
    .innerJoin(
      estateChanges,
      and(
        eq(estateChanges.connectionId, estateVersions.connectionId),
        eq(estateChanges.version, estateVersions.number),
      ),
    )
    .where(
      and(
        ...[eq(estateVersions.connectionId, connectionId), eq(estateChanges.measured, false)],
        gt(estateVersions.storedAt, new Date(now - givenUpMs)),
        or(
          isNull(estateVersions.audit),
          sql`(${estateVersions.audit}->>'readAt')::timestamptz < least(
            ${estateVersions.storedAt} + make_interval(secs => ${lagMs / 1000}),
            ${new Date(now - againMs).toISOString()}::timestamptz)`,
        ),
      ),
    )
    .groupBy(estateVersions.connectionId, estateVersions.number)
    .orderBy(desc(estateVersions.number))
    .limit(versionsMax);
  return rows.map(({ seenAt, firstAt, ...row }) => ({ ...row, from: writtenAfter(seenAt ?? firstAt) }));
}

/** Returns the possible audit trail names of the objects that each version changed. */
async function collectNames(
  db: Database,
  connectionId: string,
  versions: readonly Version[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const rows = await db
    .selectDistinct({
      version: estateChanges.version,
      name: sql<string>`unnest(${estateChanges.names})`,
    })
    .from(estateChanges)
    .where(
      and(
        ...[eq(estateChanges.connectionId, connectionId), eq(estateChanges.measured, false)],
        inArray(
          estateChanges.version,
          versions.map(({ number }) => number),
        ),
      ),
    );
  const names = new Map<number, Set<string>>();
  for (const { version, name } of rows) names.set(version, (names.get(version) ?? new Set()).add(name));
  return names;
}

/** Returns the audit records of one version: writes to the objects that it changed, in the period of the change. */
function cutTrail(trail: AuditTrail, { from, storedAt }: Version, names: ReadonlySet<string>): AuditTrail {
  const events = trail.events.filter(
    ({ at, resources }) =>
      // The audit trail has a resolution of one second.
      Date.parse(at) + 999 >= from.getTime() &&
      Date.parse(at) <= storedAt.getTime() &&
      resources.some((resource) => names.has(resource)),
  );
  return {
    events: events.slice(0, eventsMax),
    isComplete: trail.isComplete && events.length <= eventsMax,
  };
}

export type ReadAuditDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Pick<Cloud, 'auditTrail'>;
};

/**
 * Queries the cloud's audit trail for the authors of recent changes, in one query for all of them, and stores the
 * result with the changes. An unreadable trail is recorded as such; earlier results stay.
 * @throws any error that is not the cloud's
 */
export async function readAudit({ db, cloudOf }: ReadAuditDeps, connectionId: string): Promise<void> {
  const now = Date.now();
  const due = await reconnecting(() => dueVersions(db, connectionId, now));
  if (due.length === 0) return;
  const note = (version: Version, audit: AuditReading) =>
    reconnecting(() =>
      db
        .update(estateVersions)
        .set({ audit })
        .where(and(eq(estateVersions.connectionId, connectionId), eq(estateVersions.number, version.number))),
    );
  const readAt = new Date(now).toISOString();
  const times = due.flatMap(({ from, storedAt }) => [from.getTime(), storedAt.getTime()]);
  const span = { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
  try {
    const trail = await cloudOf(connectionId).auditTrail({ ...span, resource: null });
    const names = await reconnecting(() => collectNames(db, connectionId, due));
    for (const version of due)
      await note(version, { readAt, ...cutTrail(trail, version, names.get(version.number) ?? new Set()) });
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const failed = { readAt, error: error.data.code };
    for (const version of due) {
      const { audit } = version;
      await note(version, audit !== null && 'events' in audit ? { ...audit, readAt } : failed);
    }
  }
}
