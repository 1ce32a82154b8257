import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { switches } from '@/lib/db/schema';
import { listMovedNames, movedDomain } from '@/lib/diversion/routes';
import type { Plan } from '@/lib/plan/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { Actor } from '@/lib/server/request-actor';

/**
 * Records on the switchboard that an operator moves Switches by this run. A Switch that failed over returns to manual
 * control, with failover disabled. Plans of other kinds, of names that are not on the board, and plans that restore
 * drift have no effect.
 */
export async function recordSwitchMove(
  db: Database,
  { connectionId, diversion, restores }: Plan,
  { runId, actor }: { readonly runId: RunId; readonly actor: Pick<Actor, 'name' | 'accountId'> },
): Promise<void> {
  if (diversion.kind !== 'switch' || restores !== undefined) return;
  const rows = await db
    .select({ id: switches.id, diversion: switches.diversion })
    .from(switches)
    .where(eq(switches.connectionId, connectionId));
  const moved = new Set(listMovedNames(diversion));
  const own = rows.flatMap((row) => (moved.has(movedDomain(row.diversion)) ? [row.id] : []));
  if (own.length === 0) return;
  const isIt = inArray(switches.id, own);
  const now = new Date();
  await db.update(switches).set({ movedAt: now, lastRunId: runId }).where(isIt);
  await db
    .update(switches)
    .set({ state: 'disabled', decision: null, setBy: actor.name, setByAccount: actor.accountId, setAt: now })
    .where(and(isIt, eq(switches.state, 'failedOver')));
}
