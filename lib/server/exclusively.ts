import { desc, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Database } from '@/lib/db/database';
import * as schema from '@/lib/db/schema';
import type { Result } from '@/lib/result';
import type { RunRecord } from '@/lib/run/fold-run';
import { loadRun } from './load-run';

/** Any fixed number: one decision about runs at a time, so that two can't both find the way free. */
const decisionLock = 7_410_002;
/** Runs looked at for an overlap: older ones have long ended. */
const recentRunsMax = 100;

export type Decision = {
  readonly db: Database;
  /** The open transaction, for the engine to take part in. */
  readonly transaction: pg.ClientBase;
  /** The newest runs, as they are while nobody else decides. */
  readonly runs: readonly RunRecord[];
};

async function recentRuns(db: Database): Promise<RunRecord[]> {
  const rows = await db
    .select({ id: schema.runs.id })
    .from(schema.runs)
    .orderBy(desc(schema.runs.createdAt))
    .limit(recentRunsMax);
  const runs: RunRecord[] = [];
  for (const { id } of rows) {
    const run = await loadRun(db, id);
    if (run !== null) runs.push(run);
  }
  return runs;
}

/** Decides about runs in one transaction, alone; a refusal or an exception leaves everything as it was. */
export async function exclusively<T, E>(
  pool: pg.Pool,
  decide: (decision: Decision) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  const transaction = await pool.connect();
  try {
    await transaction.query('begin');
    const db = drizzle(transaction, { schema });
    await db.execute(sql`select pg_advisory_xact_lock(${decisionLock})`);
    const answer = await decide({ db, transaction, runs: await recentRuns(db) });
    await transaction.query(answer.ok ? 'commit' : 'rollback');
    return answer;
  } catch (error) {
    await transaction.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    transaction.release();
  }
}
