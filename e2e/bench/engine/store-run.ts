import * as schema from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import type { Plan } from '@/lib/plan/model/model';
import { serverContext } from '@/lib/store/context';
import type { BenchDatabase } from './bench-database';

/**
 * Stores a plan that was not created by the planner, and submits it to the workers.
 * @returns the run's id
 */
export async function storeRun(bench: BenchDatabase, plan: Plan): Promise<string> {
  const { db } = (await serverContext()).database;
  const { connectionId } = plan;
  const [stored] = await db
    .insert(schema.plans)
    .values({ connectionId, plan, findings: [], hash: await planHash(plan), createdBy: 'bench' })
    .returning();
  invariant(stored, 'an insert returns its row');
  const [run] = await db.insert(schema.runs).values({ planId: stored.id, createdBy: 'bench' }).returning();
  invariant(run, 'an insert returns its row');
  const attempt = { runId: run.id, attempt: 1, direction: 'apply', actor: 'bench' } as const;
  await db.insert(schema.runAttempts).values(attempt);
  await bench.enqueue([run.id]);
  return run.id;
}
