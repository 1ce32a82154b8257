import 'server-only';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { diversions } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';

/**
 * The version of the content with which the editor opens: another text after each saved draft and each revision. Plans
 * that restore drift don't count, because they leave the content as it is.
 */
export const contentVersionSql = sql<string>`md5(concat_ws('|', diversion.draft::text, (
  select max(p.revision) from plan p where p.diversion_id = diversion.id and p.plan->'restores' is null)))`;

/**
 * Locks a diversion until the transaction ends, so that its content version stays as it is read next. Not in the statement
 * that reads it: after waiting for a lock, a statement still sees the plans from before.
 */
export async function lockContent(db: Database, id: DiversionId): Promise<void> {
  await db.select({ id: diversions.id }).from(diversions).where(eq(diversions.id, id)).for('update');
}
