import 'server-only';
import { and, asc, gt, lte } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { auditEntries } from '@/lib/db/schema';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { AuditFilter, entryColumns, Seq, selectedBy, writeEntryLine } from './audit-rows';

/** The entries of one file, and of one statement. */
const fileMax = 100_000;
const pageSize = 1000;

/** A file of JSON lines, of which only a page is in memory. */
type AuditExport = { readonly fileName: string; readonly lines: AsyncIterable<string> };

type Range = { readonly after: number; readonly until: number; readonly max: number };

/**
 * Yields entries as lines, the oldest first. After the last one of a full file comes `{"next":NUMBER}`, the number to
 * continue `after`.
 */
async function* readLines(db: Database, filter: AuditFilter, range: Range): AsyncIterable<string> {
  let { after } = range;
  let left = range.max;
  for (;;) {
    const rows = await db
      .select(entryColumns)
      .from(auditEntries)
      .where(and(selectedBy(filter, true), gt(auditEntries.seq, after), lte(auditEntries.seq, range.until)))
      .orderBy(asc(auditEntries.seq))
      .limit(Math.min(pageSize, left + 1));
    const page = rows.slice(0, left);
    yield page.map(writeEntryLine).join('');
    after = page.at(-1)?.seq ?? after;
    left -= page.length;
    if (rows.length > page.length) {
      yield `${JSON.stringify({ next: after })}\n`;
      return;
    }
    if (rows.length < pageSize) return;
  }
}

/**
 * Exports the entries that a filter selects, as JSON lines: number, time, hashes and content, with which the chain can be
 * verified elsewhere. At most 100,000 lines; the last line then names the number to continue after.
 */
export const exportAudit = query(
  'audit.export',
  AuditFilter.extend({ after: Seq, max: Seq }),
  'all',
  async ({ after = 0, max = fileMax, ...filter }): Promise<AuditExport> => {
    const { db } = (await serverContext()).database;
    // The export does not contain the entries about itself.
    const { seq: until } = (await db.query.auditHeads.findFirst()) ?? { seq: 0 };
    const range = { after, until, max: Math.min(max, fileMax) };
    return { fileName: `audit-${until}.jsonl`, lines: readLines(db, filter, range) };
  },
);
