import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { AuditObject, AuditOutcome } from '@/lib/audit/audit-entry';
import { instant } from './instant';

/** A value of an audit entry's content, as a column to filter by. */
const fromContent = (path: string) => sql.raw(`(content::jsonb)${path}`);

/**
 * The audit log (`lib/audit`). Append-only, for the owner of the table, too, as long as its triggers exist. Only `content` is
 * inserted: the trigger `append_audit_entry` sets number, time and hashes, one entry after the other.
 */
export const auditEntries = pgTable(
  'audit_entry',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    /** By the database's clock, in whole milliseconds. */
    at: instant('at').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
    /** Canonical JSON (`AuditContent`). As text, because the hash is that of each character. */
    content: text('content').notNull(),
    actor: text('actor').notNull().generatedAlwaysAs(fromContent(`->>'actor'`)),
    operation: text('operation').notNull().generatedAlwaysAs(fromContent(`->>'operation'`)),
    outcome: text('outcome').$type<AuditOutcome>().notNull().generatedAlwaysAs(fromContent(`->>'outcome'`)),
    /** Of an end: the entry that was recorded before it ran. */
    begun: bigint('begun', { mode: 'number' }).generatedAlwaysAs(
      sql.raw(`((content::jsonb)->>'begun')::bigint`),
    ),
    objects: jsonb('objects')
      .$type<readonly AuditObject[]>()
      .notNull()
      .generatedAlwaysAs(fromContent(`->'objects'`)),
  },
  (table) => [
    index('audit_entry_by_time').on(table.at),
    index('audit_entry_by_actor').on(table.actor, table.seq),
    index('audit_entry_by_operation').on(table.operation, table.seq),
    index('audit_entry_by_object').using('gin', sql`objects jsonb_path_ops`),
    index('audit_entry_ends').on(table.begun).where(sql`begun is not null`),
  ],
);

/** The end of the audit log: its trigger locks this row, so entries are appended one after the other. One row. */
export const auditHeads = pgTable('audit_head', {
  id: integer('id').primaryKey().default(1),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
});
