import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { isDatabaseAway } from '@/lib/database-away';
import type { Database } from '@/lib/db/database';
import * as schema from '@/lib/db/schema';
import type { Result } from '@/lib/result';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { openRuns } from './load-run';
import { type EmergencyStop, readEmergencyStop } from './read-emergency-stop';

/** An arbitrary constant: serializes decisions about runs, so that two can't both find no conflict. */
const decisionLock = 7_410_002;

export type Decision = {
  readonly db: Database;
  /** The open transaction, for the engine to take part in. */
  readonly transaction: pg.ClientBase;
  /** The runs that have not ended; they can't change during the decision. */
  readonly runs: readonly RunRecord[];
  /** The actor who has paused all changes; null = not paused. */
  readonly stop: EmergencyStop | null;
};

/** The last decision of this process over each pool, while it waits or is made. */
const last = new WeakMap<pg.Pool, Promise<unknown>>();

/**
 * Makes the decisions of a process one after the other, before they take a connection: each would otherwise hold one
 * while it waits for the lock, and a few at once would leave none for other statements. If the database is away, those
 * that wait fail with the first one, rather than each after its own time-out.
 */
async function inTurn<T>(pool: pg.Pool, make: () => Promise<T>): Promise<T> {
  const before = last.get(pool);
  const own = before === undefined ? make() : before.then(make, (error) => rethrowIfAway(error) ?? make());
  last.set(pool, own);
  try {
    return await own;
  } finally {
    if (last.get(pool) === own) last.delete(pool);
  }
}

function rethrowIfAway(error: unknown): undefined {
  if (isDatabaseAway(error)) throw error;
}

/**
 * Makes a decision about runs in one exclusive transaction; a refusal or an exception rolls it back. A decision must
 * not make another one, nor use the pool: it has its own connection.
 */
export function exclusively<T, E>(
  pool: pg.Pool,
  decide: (decision: Decision) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  return inTurn(pool, () => decideAlone(pool, decide));
}

async function decideAlone<T, E>(
  pool: pg.Pool,
  decide: (decision: Decision) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  const transaction = await pool.connect();
  try {
    await transaction.query('begin');
    const db = drizzle(transaction, { schema });
    await db.execute(sql`select pg_advisory_xact_lock(${decisionLock})`);
    const answer = await decide({
      db,
      transaction,
      runs: await openRuns(db),
      stop: await readEmergencyStop(db),
    });
    await transaction.query(answer.ok ? 'commit' : 'rollback');
    return answer;
  } catch (error) {
    await transaction.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    transaction.release();
  }
}
