import 'server-only';
import { and, eq, gte, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AuditContent, auditOutcomes } from '@/lib/audit/audit-entry';
import type { AuditEntryView } from '@/lib/contract/audit';
import { auditEntries } from '@/lib/db/schema';

const dayMs = 24 * 3_600_000;

/** A filter as an address has it: a parameter that is empty or invalid filters nothing. */
const text = z.string().trim().min(1).max(200).optional().catch(undefined);
export const AuditFilter = z.object({
  actor: text,
  operation: text,
  outcome: z.enum(auditOutcomes).optional().catch(undefined),
  object: text,
  from: z.iso.date().optional().catch(undefined),
  until: z.iso.date().optional().catch(undefined),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

/** A number of an entry, as an address has it. */
export const Seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined);

/**
 * Returns the condition of a filter. Days are those of UTC.
 * @param isExport every entry; otherwise an operation has one: its end, or its beginning if it has no end
 */
export function selectedBy(filter: AuditFilter, isExport: boolean): SQL | undefined {
  const { actor, operation, outcome, at, objects, seq } = auditEntries;
  const isUnended = sql`not exists (select 1 from audit_entry as ended where ended.begun = ${seq})`;
  return and(
    filter.actor === undefined ? undefined : eq(actor, filter.actor),
    filter.operation === undefined ? undefined : eq(operation, filter.operation),
    filter.outcome === undefined ? undefined : eq(outcome, filter.outcome),
    filter.object === undefined
      ? undefined
      : sql`${objects} @> ${JSON.stringify([{ id: filter.object }])}::jsonb`,
    filter.from === undefined ? undefined : gte(at, new Date(filter.from)),
    filter.until === undefined ? undefined : lt(at, new Date(Date.parse(filter.until) + dayMs)),
    isExport ? undefined : or(ne(outcome, 'begun'), isUnended),
  );
}

type Row = Pick<typeof auditEntries.$inferSelect, 'seq' | 'at' | 'hash' | 'previousHash' | 'content'>;

/** The columns of an entry; the others only repeat its content. */
export const entryColumns = {
  seq: auditEntries.seq,
  at: auditEntries.at,
  hash: auditEntries.hash,
  previousHash: auditEntries.previousHash,
  content: auditEntries.content,
};

/** Returns an entry as pages show it. */
export function viewEntry({ seq, at, hash, previousHash, content }: Row): AuditEntryView {
  return {
    seq,
    at: at.toISOString(),
    hash,
    previousHash,
    content: readContent(content),
    text: content,
  };
}

function readContent(content: string): AuditContent | null {
  try {
    return AuditContent.safeParse(JSON.parse(content)).data ?? null;
  } catch {
    return null;
  }
}

/** Writes an entry as a line of JSON, in which the content is the text that its hash is of. */
export function writeEntryLine({ seq, at, hash, previousHash, content }: Row): string {
  const head = JSON.stringify({ seq, at: at.toISOString(), previousHash, hash });
  return `${head.slice(0, -1)},"content":${content}}\n`;
}
