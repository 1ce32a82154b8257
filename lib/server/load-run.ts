import { asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { isIntact, upgradePlan } from '@/lib/plan/stored-plan';
import type { RunRecord } from '@/lib/run/fold-run';

/** Everything written down about a run; null if there is none of this id. */
export async function loadRun(db: Database, runId: string): Promise<RunRecord | null> {
  const [found] = await db
    .select({
      planId: plans.id,
      plan: plans.plan,
      hash: plans.hash,
      cutover: runs.cutover,
      connectionKind: connections.kind,
    })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(eq(runs.id, runId));
  if (found === undefined) return null;
  const attempts = await db
    .select()
    .from(runAttempts)
    .where(eq(runAttempts.runId, runId))
    .orderBy(asc(runAttempts.attempt));
  const events = await db
    .select({ event: runEvents.event })
    .from(runEvents)
    .where(eq(runEvents.runId, runId))
    .orderBy(asc(runEvents.id));
  return {
    id: runId,
    planId: found.planId,
    plan: upgradePlan(found.plan),
    cutover: found.cutover,
    isIntact: await isIntact(found.plan, found.hash),
    connectionKind: found.connectionKind,
    attempts: attempts.map(({ attempt, direction, actor, reason, requestedAt }) => ({
      attempt,
      direction,
      actor,
      reason,
      requestedAt: requestedAt.toISOString(),
    })),
    events: events.map((row) => row.event),
  };
}
