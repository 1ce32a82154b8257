import 'server-only';
import { desc, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { z } from 'zod';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import * as schema from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { preflight, stops } from '@/lib/preflight/preflight';
import { ok } from '@/lib/result';
import type { RunRecord } from '@/lib/run/fold-run';
import { currentActor } from './actor';
import { serverContext } from './context';
import { latestEstate } from './get-estate';
import { getPlan } from './get-plan';
import { loadRun } from './load-run';
import { refuse, refuseFields, refuseInput } from './refusal';
import { findOverlap } from './run-overlap';

const ApplyInput = z.object({
  planId: z.string().min(1),
  hash: z.string().min(1),
  typedDomain: z.string().trim().toLowerCase().nullable(),
});

/** Runs looked at for an overlap: older ones have long ended. */
const recentRunsMax = 100;
/** Any fixed number: one Apply at a time, so that two can't both find the way free. */
const applyLock = 7_410_002;

async function recentRuns(db: Database): Promise<RunRecord[]> {
  const rows = await db
    .select({ id: schema.runs.id })
    .from(schema.runs)
    .orderBy(desc(schema.runs.createdAt))
    .limit(recentRunsMax);
  const runs = await Promise.all(rows.map(({ id }) => loadRun(db, id)));
  return runs.filter((run) => run !== null);
}

async function storeRun(view: PlanView): ReturnType<ApplyPlanAction> {
  const { database, engine } = await serverContext();
  const transaction = await database.pool.connect();
  const db = drizzle(transaction, { schema });
  try {
    await transaction.query('begin');
    await db.execute(sql`select pg_advisory_xact_lock(${applyLock})`);
    const others = await recentRuns(db);
    const already = others.find((run) => run.planId === view.id);
    const overlap = findOverlap(view.plan, others);
    if (already !== undefined || overlap !== null) {
      await transaction.query('rollback');
      if (already !== undefined) return refuse('plan.alreadyRun', { run: already.id });
      return refuse('run.overlap', { run: overlap?.runId ?? '', object: overlap?.object ?? '' });
    }
    const actor = currentActor();
    const [run] = await db
      .insert(schema.runs)
      .values({ planId: view.id, createdBy: actor })
      .returning({ id: schema.runs.id });
    invariant(run !== undefined, 'an insert returns its row');
    await db.insert(schema.runAttempts).values({ runId: run.id, attempt: 1, direction: 'apply', actor });
    await engine.enqueueRun({ runId: run.id, attempt: 1 }, transaction);
    await transaction.query('commit');
    return ok({ runId: run.id });
  } catch (error) {
    await transaction.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    transaction.release();
  }
}

/**
 * Hands a reviewed plan to the worker. What was reviewed is what runs: the hash must be that of the stored plan, and
 * the preflight is made again over the newest snapshot. A real account wants domain B typed.
 */
export const applyPlan = async (input: unknown): ReturnType<ApplyPlanAction> => {
  const parsed = ApplyInput.safeParse(input);
  if (!parsed.success) return refuseInput(parsed.error);
  const { planId, hash, typedDomain } = parsed.data;
  const view = await getPlan(planId);
  if (view === null) return refuse('plan.gone', { plan: planId });
  if (view.hash !== hash) return refuse('plan.otherHash');
  if (view.plan.steps.length === 0) return refuse('plan.nothingToDo');

  const { diversion } = view.plan;
  if (view.connection.kind === 'tencent' && typedDomain !== diversion.laneB.domain) {
    return refuseFields({ typedDomain: ['typedDomain.differs'] });
  }
  const estate = await latestEstate(view.connection.id);
  if (estate === null) return refuse('estate.never', { connection: view.connection.name });
  const blocks = preflight({ estate, diversion }).filter(stops);
  if (blocks.length > 0) return refuse('plan.blocked', { count: blocks.length });
  return storeRun(view);
};
