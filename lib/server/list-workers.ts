import { desc, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { workers } from '@/lib/db/schema';
import type { WorkerProblem } from '@/lib/worker-problem';

/** Workers beat every 2 s; one that has said nothing for so long does no work. */
export const aliveWithinS = 10;
/** Those that have been gone for longer belong to the past, and are not told of. */
const shownWithin = sql`interval '1 hour'`;

export type WorkerSeen = {
  readonly id: string;
  readonly version: string;
  readonly engineVersion: string;
  readonly startedAt: Date;
  /** Seconds since its last sign of life, by the database's clock. */
  readonly seenSecondsAgo: number;
  readonly measures: readonly object[];
  /** What its background loops could not do at that time. */
  readonly problems: readonly WorkerProblem[];
};

/** The workers that gave a sign of life within the last hour, the latest one first. */
export async function listWorkers(db: Database): Promise<readonly WorkerSeen[]> {
  return db
    .select({
      id: workers.id,
      version: workers.version,
      engineVersion: workers.engineVersion,
      startedAt: workers.startedAt,
      seenSecondsAgo: sql<number>`extract(epoch from now() - ${workers.seenAt})::float8`,
      measures: workers.measures,
      problems: workers.problems,
    })
    .from(workers)
    .where(sql`${workers.seenAt} > now() - ${shownWithin}`)
    .orderBy(desc(workers.seenAt));
}
