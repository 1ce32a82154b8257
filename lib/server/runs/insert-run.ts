import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ActionError } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import * as schema from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { ok, type Result } from '@/lib/result';
import type { EngineClient } from '@/lib/run/durable/connect-engine';
import type { RunId } from '@/lib/run/model/model';
import type { Decision } from '@/lib/server/journal/exclusively';
import { findOverlap, getPlanSpan } from '@/lib/server/journal/run-overlap';
import { refuse } from '@/lib/server/refusal';

export type NewRun = {
  readonly planId: PlanId;
  readonly plan: Plan;
  readonly cutover: Cutover | null;
  readonly actor: string;
  readonly reason: string;
};

/**
 * Stores a run of a stored plan and submits it to the workers, unless all changes are paused or there is a conflict.
 */
export async function insertRun(
  { db, transaction, runs, stop }: Decision,
  engine: Pick<EngineClient, 'enqueueRun'>,
  { planId, plan, cutover, actor, reason }: NewRun,
): Promise<Result<{ runId: RunId }, ActionError>> {
  if (stop !== null) return refuse('emergencyStop.stopped', { actor: stop.actor, reason: stop.reason });
  const [already] = await db
    .select({ id: schema.runs.id })
    .from(schema.runs)
    .where(eq(schema.runs.planId, planId));
  if (already !== undefined) return refuse('plan.alreadyRun', { run: already.id });
  const newest = await findNewest(db, planId);
  if (newest?.isDiscarded) return refuse('diversion.discarded', { diversion: newest.diversionId });
  if (newest !== undefined && newest.planId !== planId)
    return refuse('plan.superseded', { plan: planId, by: newest.planId });
  const overlap = findOverlap(plan, getPlanSpan(plan, cutover), runs);
  if (overlap !== null) {
    const { runId: run, object } = overlap;
    return refuse(overlap.isHeld ? 'run.overlapHeld' : 'run.overlap', { run, object });
  }
  const [run] = await db
    .insert(schema.runs)
    .values({ planId, createdBy: actor, cutover })
    .returning({ id: schema.runs.id });
  invariant(run !== undefined, 'an insert returns its row');
  await db
    .insert(schema.runAttempts)
    .values({ runId: run.id, attempt: 1, direction: 'apply', actor, reason });
  await engine.enqueueRun({ runId: run.id, attempt: 1 }, transaction);
  return ok({ runId: run.id });
}

/** Returns the newest plan of a plan's diversion: that one alone may run. */
async function findNewest(db: Database, planId: PlanId) {
  const own = alias(schema.plans, 'own');
  const [row] = await db
    .select({
      planId: schema.plans.id,
      diversionId: schema.diversions.id,
      isDiscarded: sql<boolean>`${schema.diversions.discardedAt} is not null`,
    })
    .from(own)
    .innerJoin(schema.diversions, eq(schema.diversions.id, own.diversionId))
    // A plan that restores drifted objects supersedes nothing: it changes nothing of what the diversion wants.
    .innerJoin(
      schema.plans,
      and(
        eq(schema.plans.diversionId, own.diversionId),
        or(eq(schema.plans.id, planId), isNull(sql`${schema.plans.plan}->'restores'`)),
      ),
    )
    .where(eq(own.id, planId))
    .orderBy(desc(schema.plans.revision))
    .limit(1);
  return row;
}
