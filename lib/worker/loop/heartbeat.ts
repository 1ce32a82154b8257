import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { workers } from '@/lib/db/schema';
import { spillwayVersion } from '@/lib/version';
import type { WorkerProblem } from '@/lib/worker-problem';

const pauseMs = 2000;
/** Workers that have been silent for longer are deleted: replicas get new names. */
const forgottenAfter = sql`interval '1 day'`;

export type HeartbeatDeps = {
  readonly db: Database;
  /** The worker's name. */
  readonly worker: string;
  readonly engineVersion: string;
  readonly measures: { export(): Promise<readonly object[]> };
  /** Returns the current problems of the background loops. */
  readonly problems: () => readonly WorkerProblem[];
  /** Called for each failed write of a heartbeat; the next one follows regardless. */
  readonly onError: (error: unknown) => void;
};

/**
 * Records that this worker is alive, with its metrics: now and then every two seconds.
 * @returns a function that stops it, for tests: a worker sends heartbeats until it dies
 */
export async function startHeartbeat(deps: HeartbeatDeps): Promise<() => void> {
  const { db, worker, engineVersion, measures, problems, onError } = deps;
  const startedAt = new Date();
  const beat = async () => {
    const said = {
      version: spillwayVersion,
      engineVersion,
      startedAt,
      seenAt: sql`now()`,
      measures: await measures.export(),
      problems: problems(),
    };
    await db
      .insert(workers)
      .values({ id: worker, ...said })
      .onConflictDoUpdate({ target: workers.id, set: said });
  };
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const next = () => {
    if (isOver) return;
    timer = setTimeout(() => void beat().catch(onError).finally(next), pauseMs).unref();
  };
  await beat()
    .then(() => db.delete(workers).where(sql`${workers.seenAt} < now() - ${forgottenAfter}`))
    .catch(onError);
  next();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
