import type pg from 'pg';
import { applicationName, queues } from './work';

/** The work of one queue: waiting for a worker, and started. */
export type QueueDepth = {
  readonly queue: string;
  readonly waiting: number;
  readonly running: number;
  /** The time at which the oldest waiting work was queued, in ms since 1970; null if none waits. */
  readonly oldestWaitingAt: number | null;
};

/** Returns the amount of work in each queue; uses an index of unfinished work only. */
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
