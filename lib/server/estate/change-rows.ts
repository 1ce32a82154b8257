import { and, eq, gt, lte, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estateVersions } from '@/lib/db/schema';
import type { AuditReading } from '@/lib/estate/history/audit';
import type { EstateChange } from '@/lib/estate/history/diff-estates';

/** A change row. */
export type ChangeRow = {
  readonly version: number;
  readonly change: EstateChange;
  readonly names: readonly string[];
  /** The last earlier sync that could read the object; null if not stored. */
  readonly seenAt: Date | null;
  /** The first sync that found the change: its start and end. */
  readonly firstAt: Date;
  readonly storedAt: Date;
  /** The time of the previous stored change of the same object. */
  readonly previousAt: Date | null;
};

export const changeKey = ({ kind, key }: { readonly kind: string; readonly key: string }) => `${kind}/${key}`;

/** Returns the changes of each object after one version, up to and including another, oldest first. */
export async function changeRows(
  db: Pick<Database, 'execute'>,
  connectionId: string,
  from: number,
  to: number,
): Promise<ReadonlyMap<string, readonly ChangeRow[]>> {
  const { rows } = await db.execute<
    Omit<ChangeRow, 'seenAt' | 'firstAt' | 'storedAt' | 'previousAt'> & {
      readonly [at in 'seenAt' | 'previousAt']: string | null;
    } & { readonly [at in 'firstAt' | 'storedAt']: string }
  >(sql`
    select c.version, c.change, c.names, c.seen_at as "seenAt", v.first_at as "firstAt", v.stored_at as "storedAt",
      (select p.stored_at from estate_change as e
        join estate_version as p on p.connection_id = e.connection_id and p.number = e.version
        where e.connection_id = c.connection_id and e.kind = c.kind and e.key = c.key and e.version < c.version
        order by e.version desc limit 1) as "previousAt"
    from estate_change as c
    join estate_version as v on v.connection_id = c.connection_id and v.number = c.version
    where c.connection_id = ${connectionId} and c.version > ${from} and c.version <= ${to}
    order by c.version`);
  const found = new Map<string, ChangeRow[]>();
  for (const row of rows) {
    const at = (text: string | null) => (text === null ? null : new Date(text));
    const known = found.get(changeKey(row.change)) ?? [];
    found.set(changeKey(row.change), known);
    known.push({
      ...row,
      seenAt: at(row.seenAt),
      previousAt: at(row.previousAt),
      firstAt: new Date(row.firstAt),
      storedAt: new Date(row.storedAt),
    });
  }
  return found;
}

/** Returns the cloud's audit records for each of these versions. */
export async function groupAudits(
  db: Pick<Database, 'select'>,
  connectionId: string,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, AuditReading | null>> {
  const rows = await db
    .select({ number: estateVersions.number, audit: estateVersions.audit })
    .from(estateVersions)
    .where(
      and(
        eq(estateVersions.connectionId, connectionId),
        gt(estateVersions.number, from),
        lte(estateVersions.number, to),
      ),
    );
  return new Map(rows.map(({ number, audit }) => [number, audit]));
}
