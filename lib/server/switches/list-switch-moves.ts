import { and, desc, eq, sql } from 'drizzle-orm';
import type { SwitchMoveView } from '@/lib/client/switch-views';
import type { Database } from '@/lib/db/database';
import { plans, runs } from '@/lib/db/schema';
import { movedDomain } from '@/lib/diversion/moved-domain';
import type { SwitchDiversion } from '@/lib/diversion/switch';
import { invariant } from '@/lib/invariant';
import { readRunStates } from '@/lib/server/journal/last-state-events';

/** The number of past moves that an operator looks at. */
const newestMax = 6;

/**
 * Returns the last moves of Switches, manual, scheduled and by failover, newest first. Scheduled moves that have not
 * started are excluded.
 */
export async function listSwitchMoves(db: Database): Promise<readonly SwitchMoveView[]> {
  const beginsAt = sql<Date>`coalesce((${runs.cutover}->>'t0')::timestamptz, ${runs.createdAt})`;
  const rows = await db
    .select({
      runId: runs.id,
      at: beginsAt.mapWith(runs.createdAt),
      actor: runs.createdBy,
      cutover: runs.cutover,
      diversion: sql<SwitchDiversion>`${plans.plan}->'diversion'`,
    })
    .from(plans)
    .innerJoin(runs, eq(runs.planId, plans.id))
    .where(
      and(
        // In the same form as the index.
        sql`${plans.plan}->'diversion'->>'kind' = 'switch'`,
        // Restoring a move is not a move.
        sql`${plans.plan}->'restores' is null`,
        sql`${beginsAt} <= now()`,
      ),
    )
    .orderBy(desc(beginsAt))
    .limit(newestMax);
  const states = await readRunStates(
    db,
    rows.map(({ runId }) => runId),
  );
  return rows.map(({ runId, at, actor, cutover, diversion }) => {
    const state = states.get(runId);
    invariant(state !== undefined, `${runId} was stored with its first attempt`);
    return {
      runId,
      at: at.toISOString(),
      actor,
      state,
      by: actor === 'failover' ? 'failover' : cutover === null ? 'hand' : 'clock',
      domain: movedDomain(diversion),
      toward: diversion.toward,
      percent: diversion.ramp.at(-1)?.percent ?? 0,
    };
  });
}
