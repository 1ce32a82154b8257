import { eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import * as schema from '@/lib/db/schema';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';

/** Abandons a stopped run. Its execution may still be waiting for T1: a new fence prevents its writes. */
export async function closeRun(
  db: Database,
  run: RunRecord,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Promise<void> {
  const { direction } = foldRun(run);
  const event = { type: 'closed', actor, reason, at: new Date().toISOString(), direction } as const;
  await db
    .update(schema.runs)
    .set({ fence: sql`${schema.runs.fence} + 1` })
    .where(eq(schema.runs.id, run.id));
  await db.insert(schema.runEvents).values({ runId: run.id, event });
}
