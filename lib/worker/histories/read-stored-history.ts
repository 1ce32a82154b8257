import { and, eq } from 'drizzle-orm';
import type { HistoryCloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { trafficHistories } from '@/lib/db/schema';
import type { TrafficHistoryJob } from '@/lib/run/durable/work';
import { toJobError } from '@/lib/worker/loop/job-error';

export type HistoryDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => HistoryCloud;
  /** Called with errors other than the cloud's rejection, with their stack. */
  readonly onError: (error: unknown, job: TrafficHistoryJob) => void;
};

/** Reads the requests of a past event that a page has asked for, and stores them; a failed read keeps the previous result. */
export async function readStoredHistory(deps: HistoryDeps, job: TrafficHistoryJob): Promise<void> {
  const { db, cloudOf, onError } = deps;
  const { connectionId, key } = job;
  const isIt = and(eq(trafficHistories.connectionId, connectionId), eq(trafficHistories.key, key));
  const [row] = await reconnecting(() => db.select().from(trafficHistories).where(isIt));
  // Results that no page uses are removed.
  if (row === undefined) return;
  try {
    const content = await cloudOf(connectionId).readTrafficHistory(row.asked);
    const done = { state: 'done', content, readAt: new Date(), error: null } as const;
    await reconnecting(() => db.update(trafficHistories).set(done).where(isIt));
  } catch (cause) {
    const error = toJobError(cause, {
      action: 'GetMonitorData',
      region: row.asked.place.region,
      mayHaveHappened: false,
      whatToDo: 'Read it again.',
    });
    if (error.code === 'Internal') onError(cause, job);
    await reconnecting(() => db.update(trafficHistories).set({ state: 'failed', error }).where(isIt));
  }
}
