import 'server-only';
import { and, desc, lt, sql } from 'drizzle-orm';
import { auditOperations } from '@/lib/audit/audit-entry';
import type { AuditListView } from '@/lib/contract/audit';
import type { Database } from '@/lib/db/database';
import { auditEntries, auditHeads } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { AuditFilter, entryColumns, Seq, selectedBy, viewEntry } from './audit-rows';

const pageSize = 50;
const actorsMax = 100;

/** Returns those who have entries, by stepping through the index from one to the next. */
async function listActors(db: Database): Promise<readonly string[]> {
  const { rows } = await db.execute<{ actor: string }>(sql`
    with recursive step as (
      (select actor from audit_entry order by actor limit 1)
      union all
      select (select actor from audit_entry where actor > step.actor order by actor limit 1)
      from step where step.actor is not null
    )
    select actor from step where actor is not null limit ${actorsMax}`);
  return rows.map(({ actor }) => actor);
}

/**
 * Returns a page of the audit log, the newest entries first. `before` is the number with which the page before ended. An
 * operation has one entry: its end, or its beginning if it has no end.
 */
export const listAudit = query(
  'audit.list',
  AuditFilter.extend({ before: Seq }),
  'all',
  async ({ before, ...filter }): Promise<AuditListView> => {
    const { db } = (await serverContext()).database;
    const isOlder = before === undefined ? undefined : lt(auditEntries.seq, before);
    const [rows, [head], actors] = await Promise.all([
      db
        .select(entryColumns)
        .from(auditEntries)
        .where(and(selectedBy(filter, false), isOlder))
        .orderBy(desc(auditEntries.seq))
        .limit(pageSize + 1),
      db.select({ seq: auditHeads.seq, hash: auditHeads.hash }).from(auditHeads),
      listActors(db),
    ]);
    invariant(head !== undefined, 'the migration creates the head');
    const entries = rows.slice(0, pageSize).map(viewEntry);
    const next = rows.length > pageSize ? (entries.at(-1)?.seq ?? null) : null;
    return { filter, entries, next, head, actors, operations: auditOperations };
  },
);
