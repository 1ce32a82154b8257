import type pg from 'pg';
import { applicationName, queues } from './work';

/** Work of one queue: what waits for a worker, and what one has begun. */
export type QueueDepth = {
  readonly queue: string;
  readonly waiting: number;
  readonly running: number;
  /** Since when the oldest of what waits does, in ms since 1970; null when nothing does. */
  readonly oldestWaitingAt: number | null;
};

/** How much work each queue holds now; asks an index that has only what is not finished. */
export async function queueDepths(pool: pg.Pool): Promise<readonly QueueDepth[]> {
  const names = Object.values(queues);
  const { rows } = await pool.query<{ queue: string; status: string; count: number; since: number }>(
    `select queue_name as queue, status, count(*)::int as count, min(created_at)::float8 as since
     from dbos.workflow_status
     where status in ('ENQUEUED', 'PENDING') and queue_name = any($1) and application_name = $2
     group by queue_name, status`,
    [names, applicationName],
  );
  return names.map((queue) => {
    const [waiting, running] = ['ENQUEUED', 'PENDING'].map((status) =>
      rows.find((row) => row.queue === queue && row.status === status),
    );
    return {
      queue,
      waiting: waiting?.count ?? 0,
      running: running?.count ?? 0,
      oldestWaitingAt: waiting?.since ?? null,
    };
  });
}
