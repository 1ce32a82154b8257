import { and, eq, sql } from 'drizzle-orm';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { runAttempts, runs } from '@/lib/db/schema';

/**
 * The fencing number of one execution of a run: each worker that takes the run up gets a higher one, and whoever has an
 * older one is refused, however late it wakes. https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html
 */
export type RunFence = { readonly runId: string; readonly number: number };

/** Another worker has taken the run up since: this one must do nothing more for it. */
export class RunTakenOverError extends Error {
  constructor({ runId, number }: RunFence) {
    super(
      `another worker has taken ${runId} up; this execution (fence ${number}) may not write for it any more`,
    );
  }
}

/**
 * Takes a run up: from now on nobody who took it up before can write for it. An older attempt, which may still wait for
 * its T1, is not taken up again once there is a newer one.
 * @throws RunTakenOverError when there is
 */
export async function takeFence(db: Database, runId: string, attempt: number): Promise<RunFence> {
  const next = { fence: sql`${runs.fence} + 1` };
  const isNewest = sql`not exists (
    select from ${runAttempts} where ${runAttempts.runId} = ${runs.id} and ${runAttempts.attempt} > ${attempt})`;
  const [run] = await reconnecting(() =>
    db
      .update(runs)
      .set(next)
      .where(and(eq(runs.id, runId), isNewest))
      .returning({ number: runs.fence }),
  );
  if (run === undefined) throw new RunTakenOverError({ runId, number: 0 });
  return { runId, number: run.number };
}

/** @throws RunTakenOverError when this execution is no longer the latest. */
async function confirm(db: Database, fence: RunFence): Promise<void> {
  const { runId, number } = fence;
  const isLatest = and(eq(runs.id, runId), eq(runs.fence, number));
  const found = await reconnecting(() => db.select({ id: runs.id }).from(runs).where(isLatest));
  if (found.length === 0) throw new RunTakenOverError(fence);
}

type RunCloud = Pick<Cloud, 'read' | 'write' | 'wait'>;

/**
 * A cloud to which nobody but the latest execution can write: the number is compared once the write's turn has come and
 * its object has been looked at, as the last thing before the call.
 */
export function fencedCloud(cloud: RunCloud, db: Database, fence: RunFence): RunCloud {
  return {
    read: (ref) => cloud.read(ref),
    wait: (receipt) => cloud.wait(receipt),
    write: (call, isUnchanged = async () => true) =>
      cloud.write(call, async () => {
        const unchanged = await isUnchanged();
        await confirm(db, fence);
        return unchanged;
      }),
  };
}
