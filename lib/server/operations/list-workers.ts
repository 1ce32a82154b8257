import { desc, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { workers } from '@/lib/db/schema';
import { engineVersion } from '@/lib/run/durable/work';
import type { WorkerProblem } from '@/lib/worker-problem';

/** Workers send a heartbeat every 2 s; one that has been silent for this long counts as dead. */
export const aliveWithinS = 10;
const isAlive = sql`${workers.seenAt} >= now() - make_interval(secs => ${aliveWithinS})`;
/** Workers that have been dead for longer are not reported. */
const isShown = sql`${workers.seenAt} > now() - interval '1 hour'`;

export type WorkerSeen = {
  readonly id: string;
  readonly version: string;
  readonly engineVersion: string;
  readonly startedAt: Date;
  /** Seconds since its last heartbeat, by the database's clock. */
  readonly seenSecondsAgo: number;
  /** The problems of its background loops as of that heartbeat. */
  readonly problems: readonly WorkerProblem[];
};

export type MeasuredWorker = WorkerSeen & { readonly measures: readonly object[] };

/** Returns whether a live worker can execute runs of this build: one with its engine version. */
export async function findWorker(db: Database): Promise<'live' | 'none' | 'otherVersion'> {
  const [row] = await db
    .select({
      own: sql<boolean>`coalesce(bool_or(${workers.engineVersion} = ${engineVersion}), false)`,
      count: sql<number>`count(*)::int`,
    })
    .from(workers)
    .where(isAlive);
  if (row?.own) return 'live';
  return row === undefined || row.count === 0 ? 'none' : 'otherVersion';
}

/** Returns how many objects live workers can't process in the background. */
export async function countProblems(db: Database): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`coalesce(sum(jsonb_array_length(${workers.problems})), 0)::int` })
    .from(workers)
    .where(isAlive);
  return row?.count ?? 0;
}

const seen = {
  id: workers.id,
  version: workers.version,
  engineVersion: workers.engineVersion,
  startedAt: workers.startedAt,
  seenSecondsAgo: sql<number>`extract(epoch from now() - ${workers.seenAt})::float8`,
  problems: workers.problems,
};

/** Returns the workers with a heartbeat within the last hour, the latest one first. */
export async function listWorkers(db: Database): Promise<readonly WorkerSeen[]> {
  return db.select(seen).from(workers).where(isShown).orderBy(desc(workers.seenAt));
}

/** Returns the same with the metrics of each worker: tens of kilobytes that only the metrics export needs. */
export async function listMeasuredWorkers(db: Database): Promise<readonly MeasuredWorker[]> {
  const all = { ...seen, measures: workers.measures };
  return db.select(all).from(workers).where(isShown).orderBy(desc(workers.seenAt));
}
