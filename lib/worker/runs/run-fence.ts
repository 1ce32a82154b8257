import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnectingForRun } from '@/lib/db/reconnecting';
import { runAttempts, runs } from '@/lib/db/schema';
import type { RunId } from '@/lib/run/model/run-id';

/**
 * The fencing number of one execution of a run: each worker that claims the run gets a higher one, and a worker with an
 * older one is refused, however late it resumes.
 * https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html
 */
export type RunFence = { readonly runId: RunId; readonly number: number };

/** Another worker has since claimed the run: this one must do nothing more for it. */
export class RunTakenOverError extends Error {
  constructor({ runId, number }: RunFence) {
    super(
      `another worker has claimed ${runId}; this execution (fence ${number}) may not write for it any more`,
    );
  }
}

/**
 * Claims a run: from now on, no earlier claimant can write for it. An older attempt, which may still wait for its T1,
 * can't be claimed once a newer one exists.
 * @throws RunTakenOverError if a newer attempt exists
 */
export async function takeFence(db: Database, runId: RunId, attempt: number): Promise<RunFence> {
  const next = { fence: sql`${runs.fence} + 1` };
  const isNewest = sql`not exists (
    select from ${runAttempts} where ${runAttempts.runId} = ${runs.id} and ${runAttempts.attempt} > ${attempt})`;
  const [run] = await reconnectingForRun(() =>
    db
      .update(runs)
      .set(next)
      .where(and(eq(runs.id, runId), isNewest))
      .returning({ number: runs.fence }),
  );
  if (run === undefined) throw new RunTakenOverError({ runId, number: 0 });
  return { runId, number: run.number };
}

/**
 * Confirms that this execution is the latest.
 * @throws RunTakenOverError if it is not
 */
export async function confirmFence(db: Database, fence: RunFence): Promise<void> {
  const { runId, number } = fence;
  const isLatest = and(eq(runs.id, runId), eq(runs.fence, number));
  const found = await reconnectingForRun(() => db.select({ id: runs.id }).from(runs).where(isLatest));
  if (found.length === 0) throw new RunTakenOverError(fence);
}
