import 'server-only';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/lib/db/database';
import { err, ok, type Result } from '@/lib/result';
import { queueDepths } from '@/lib/run/durable/queue-depths';
import { countRuns } from '@/lib/server/runs/count-runs';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { webProcess } from '@/lib/store/web-process';
import { withinMs } from '@/lib/timing/within-ms';
import { describeMetrics } from './describe-metrics';
import { listMeasuredWorkers } from './list-workers';

/** Prometheus times out after 10 s. */
const scrapedWithinMs = 8000;

async function newestEstates(db: Database): Promise<readonly { connection: string; takenAt: Date }[]> {
  const { rows } = await db.execute<{ connection: string; at: number }>(sql`
    select connection.id as connection, extract(epoch from newest.taken_at)::float8 as at
    from connection
    cross join lateral (
      select taken_at from estate where connection_id = connection.id order by id desc limit 1
    ) as newest
    where connection.available`);
  return rows.map(({ connection, at }) => ({ connection, takenAt: new Date(at * 1000) }));
}

async function scrape(): Promise<{ type: string; text: string }> {
  const {
    database: { db, pool },
  } = await serverContext();
  const [runs, queues, workers, estates] = await Promise.all([
    countRuns(db),
    queueDepths(pool),
    listMeasuredWorkers(db),
    newestEstates(db),
  ]);
  return describeMetrics({ now: new Date(), runs, queues, workers, estates });
}

/**
 * Returns the metrics in the format that Prometheus reads; refuses with a message when the database can't be queried.
 */
export const getMetrics = query(
  'metrics.get',
  z.void(),
  'all',
  async (): Promise<Result<{ type: string; text: string }, string>> => {
    try {
      return ok(await withinMs(scrape(), scrapedWithinMs, 'the database did not answer'));
    } catch (error) {
      webProcess().log.warn({ err: error }, 'the metrics could not be read');
      return err('The database could not be asked; /api/health/ready says why.');
    }
  },
);
