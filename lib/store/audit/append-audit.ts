import { sql } from 'drizzle-orm';
import { type AuditContent, writeAuditContent } from '@/lib/audit/audit-entry';
import type { Database } from '@/lib/db/database';
import { invariant } from '@/lib/invariant';

/** The most entries of one statement. */
const batchMax = 100;

type Waiting = {
  readonly content: string;
  readonly stored: (seq: number) => void;
  readonly failed: (error: unknown) => void;
};

/**
 * Appends contents in their order, in one statement that is a transaction of its own: its trigger locks the end of the log
 * until it is committed.
 * @returns their numbers
 */
async function insertContents(db: Database, contents: readonly string[]): Promise<readonly number[]> {
  const { rows } = await db.execute<{ seq: string }>(sql`
    insert into audit_entry (content)
    select content from unnest(${sql.param(contents)}::text[]) with ordinality as given (content, place)
    order by place
    returning seq`);
  return rows.map(({ seq }) => Number(seq));
}

type AuditWriter = (content: AuditContent) => Promise<number>;

/**
 * Creates the writer of a process. It has one statement in progress at a time: what is to be appended meanwhile is appended
 * by the next one, so a burst of verbs uses one connection, not all of the pool's.
 */
function createAuditWriter(db: Database): AuditWriter {
  const waiting: Waiting[] = [];
  let isWriting = false;

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const seqs = await insertContents(
        db,
        batch.map(({ content }) => content),
      );
      for (const [index, { stored }] of batch.entries()) {
        const seq = seqs[index];
        invariant(seq !== undefined, 'an insert returns its rows');
        stored(seq);
      }
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  };
  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) await write(waiting.splice(0, batchMax));
    isWriting = false;
  };

  return (content) =>
    new Promise((stored, failed) => {
      waiting.push({ content: writeAuditContent(content), stored, failed });
      if (!isWriting) void writeAll();
    });
}

const writers = new WeakMap<Database, AuditWriter>();

/**
 * Appends an entry to the audit log.
 * @returns its number
 * @throws if the database does not store it
 */
export function appendAudit(db: Database, content: AuditContent): Promise<number> {
  const writer = writers.get(db) ?? createAuditWriter(db);
  writers.set(db, writer);
  return writer(content);
}
