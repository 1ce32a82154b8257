import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ActionError } from '@/lib/contract/answer';
import type { Database } from '@/lib/db/database';
import * as schema from '@/lib/db/schema';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import type { Actor } from '@/lib/policy/actor';
import { ok, type Result } from '@/lib/result';
import type { EngineClient } from '@/lib/run/durable/connect-engine';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { isCanceled } from '@/lib/run/model/schedule-change';
import { refuse } from '@/lib/store/refusal';
import type { Decision } from './exclusively';
import { loadRun } from './load-run';
import { readAccountConnections } from './read-account-connections';
import { findOverlap, getPlanSpan } from './run-overlap';

export type NewRun = {
  readonly planId: PlanId;
  readonly plan: Plan;
  readonly cutover: Cutover | null;
  /** Its guards if it has no schedule. */
  readonly guards: readonly Guard[];
  readonly actor: Pick<Actor, 'name' | 'accountId'>;
  readonly reason: string;
};

/**
 * Stores a run of a stored plan and submits it to the workers, unless all changes are paused or there is a conflict. A
 * plan runs once; a run whose schedule was canceled before it started gets a new attempt instead.
 */
export async function insertRun(
  decision: Decision,
  engine: Pick<EngineClient, 'enqueueRun'>,
  { planId, plan, cutover, guards, actor, reason }: NewRun,
): Promise<Result<{ runId: RunId }, ActionError>> {
  const { db, transaction, stop } = decision;
  if (stop !== null) return refuse('emergencyStop.stopped', { actor: stop.actor, reason: stop.reason });
  const [already] = await db
    .select({ id: schema.runs.id })
    .from(schema.runs)
    .where(eq(schema.runs.planId, planId));
  const earlier = already === undefined ? null : await loadRun(db, already.id);
  if (earlier !== null && !isCanceled(earlier)) return refuse('plan.alreadyRun', { run: earlier.id });
  const free = await checkFree(decision, { planId, plan, cutover });
  if (!free.ok) return free;
  if (earlier !== null) return restartRun(decision, engine, earlier, { cutover, guards, actor, reason });
  const [run] = await db
    .insert(schema.runs)
    .values({ planId, createdBy: actor.name, cutover, guards })
    .returning({ id: schema.runs.id });
  invariant(run !== undefined, 'an insert returns its row');
  const job = { runId: run.id, attempt: 1 };
  const { name, accountId } = actor;
  await db.insert(schema.runAttempts).values({ ...job, direction: 'apply', actor: name, accountId, reason });
  await engine.enqueueRun(job, transaction);
  return ok({ runId: run.id });
}

/**
 * Starts a new attempt, on another schedule, of a run that has not started. The fence prevents writes by the previous
 * attempt's execution.
 */
export async function restartRun(
  { db, transaction }: Decision,
  engine: Pick<EngineClient, 'enqueueRun'>,
  { id: runId, attempts, cutover: from }: RunRecord,
  { cutover, guards, actor: { name: actor, accountId }, reason }: Omit<NewRun, 'planId' | 'plan'>,
): Promise<Result<{ runId: RunId }, ActionError>> {
  invariant(from !== null, 'only a run on a schedule waits before it begins');
  const at = new Date().toISOString();
  const job = { runId, attempt: attempts.length + 1 };
  await db
    .update(schema.runs)
    .set({ cutover, guards, fence: sql`${schema.runs.fence} + 1` })
    .where(eq(schema.runs.id, runId));
  await db.insert(schema.runEvents).values({
    runId,
    event: { type: 'rescheduled', direction: 'apply', at, actor, reason, from, to: cutover },
  });
  await db.insert(schema.runAttempts).values({ ...job, direction: 'apply', actor, accountId, reason });
  await engine.enqueueRun(job, transaction);
  return ok({ runId });
}

/** Checks that a plan may run in a period: it is its diversion's newest, and no other run uses its objects then. */
export async function checkFree(
  { db, runs }: Decision,
  { planId, plan, cutover }: Pick<NewRun, 'planId' | 'plan' | 'cutover'>,
): Promise<Result<null, ActionError>> {
  const newest = await findNewest(db, planId);
  if (newest?.isDiscarded) return refuse('diversion.discarded', { diversion: newest.diversionId });
  if (newest !== undefined && newest.planId !== planId)
    return refuse('plan.superseded', { plan: planId, by: newest.planId });
  const overlap = findOverlap(plan, getPlanSpan(plan, cutover), runs, await readAccountConnections(db));
  if (overlap !== null) {
    const { runId: run, object } = overlap;
    return refuse(overlap.isStopped ? 'run.overlapStopped' : 'run.overlap', { run, object });
  }
  return ok(null);
}

/** Returns the newest plan of a plan's diversion: only that one may run. */
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
    // A plan that restores drifted objects supersedes nothing: it changes nothing of the diversion's intent.
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
