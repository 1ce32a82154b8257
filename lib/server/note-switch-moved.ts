import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { switches } from '@/lib/db/schema';
import { movedDomain } from '@/lib/diversion/moved-domain';
import type { Plan } from '@/lib/plan/model';

/**
 * Notes on the switchboard that a person moves a Switch by this run. One that failed over is then in a person's hands
 * again, and not armed. Plans of other kinds, and of names that are not on the board, change nothing.
 */
export async function noteSwitchMoved(
  db: Database,
  { connectionId, diversion }: Plan,
  { runId, actor }: { readonly runId: string; readonly actor: string },
): Promise<void> {
  if (diversion.kind !== 'switch') return;
  const isIt = and(
    eq(switches.connectionId, connectionId),
    eq(sql`${switches.diversion}->'laneB'->>'domain'`, movedDomain(diversion)),
  );
  const now = new Date();
  await db.update(switches).set({ movedAt: now, lastRunId: runId }).where(isIt);
  await db
    .update(switches)
    .set({ state: 'off', decision: null, setBy: actor, setAt: now })
    .where(and(isIt, eq(switches.state, 'failedOver')));
}
