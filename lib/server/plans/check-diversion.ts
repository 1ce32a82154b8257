import 'server-only';
import { eq } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import type { Database } from '@/lib/db/database';
import { diversions } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import { ok, type Result } from '@/lib/result';
import { refuse } from '@/lib/store/refusal';
import { contentVersionSql } from './content-version';

/**
 * Checks that a diversion can have another revision: it exists on the connection, is not discarded, and has the content
 * with which the editor opened, because a new plan replaces its draft.
 */
export async function checkDiversion(
  db: Database,
  {
    diversionId: id,
    connectionId,
    contentVersion,
  }: {
    /** Null = the plan begins a new diversion. */
    readonly diversionId: DiversionId | null;
    readonly connectionId: string;
    /** Null = any content. */
    readonly contentVersion: string | null;
  },
): Promise<Result<null, ActionError>> {
  if (id === null) return ok(null);
  const { connectionId: connection, discardedAt } = diversions;
  const [found] = await db
    .select({ connection, discardedAt, contentVersion: contentVersionSql })
    .from(diversions)
    .where(eq(diversions.id, id));
  if (found?.connection !== connectionId) return refuse('diversion.gone', { diversion: id });
  if (found.discardedAt !== null) return refuse('diversion.discarded', { diversion: id });
  return contentVersion === null || contentVersion === found.contentVersion
    ? ok(null)
    : refuse('diversion.changed', { diversion: id });
}
