import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { workers } from '@/lib/db/schema';
import { spillwayVersion } from '@/lib/version';
import type { WorkerProblem } from '@/lib/worker-problem';

const pauseMs = 2000;
/** Workers that were silent for longer are deleted: replicas get new names. */
const forgottenAfter = sql`interval '1 day'`;

export type HeartbeatDeps = {
  readonly db: Database;
  /** The worker's name. */
  readonly worker: string;
  readonly engineVersion: string;
  readonly measures: { export(): Promise<readonly object[]> };
  /** Returns what the background loops currently can't do. */
  readonly problems: () => readonly WorkerProblem[];
  /** Called with each heartbeat that could not be written; the next one follows regardless. */
  readonly onError: (error: unknown) => void;
};

/**
 * Records that this worker is alive, and its metrics: now, and from then on every two seconds.
 * @returns a function that ends it, for tests: a worker sends heartbeats until it dies.
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
