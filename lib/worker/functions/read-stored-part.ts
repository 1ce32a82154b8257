import { and, eq } from 'drizzle-orm';
import type { FunctionCloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { functionReadings } from '@/lib/db/schema';
import type { FunctionReadingJob } from '@/lib/run/durable/work';
import { toJobError } from '@/lib/worker/loop/job-error';

export type ReadingDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Pick<FunctionCloud, 'readFunctionPart'>;
  /** Called with errors other than the cloud's rejection, with their stack. */
  readonly onError: (error: unknown, job: FunctionReadingJob) => void;
};

/** Reads a part of a function that a page has requested, and stores it; a failed read keeps the previous result. */
export async function readStoredPart(deps: ReadingDeps, job: FunctionReadingJob): Promise<void> {
  const { db, cloudOf, onError } = deps;
  const { connectionId, region, namespace, name, key } = job;
  const isIt = and(
    eq(functionReadings.connectionId, connectionId),
    eq(functionReadings.region, region),
    eq(functionReadings.namespace, namespace),
    eq(functionReadings.name, name),
    eq(functionReadings.key, key),
  );
  const [row] = await reconnecting(() => db.select().from(functionReadings).where(isIt));
  // Results that no page uses are removed.
  if (row === undefined) return;
  try {
    const content = await cloudOf(connectionId).readFunctionPart({ region, namespace, name }, row.part);
    const done = { state: 'done', content, readAt: new Date(), error: null } as const;
    await reconnecting(() => db.update(functionReadings).set(done).where(isIt));
  } catch (cause) {
    const error = toJobError(cause, {
      action: 'GetFunction',
      region,
      mayHaveHappened: false,
      whatToDo: 'Reload the page.',
    });
    if (error.code === 'Internal') onError(cause, job);
    await reconnecting(() => db.update(functionReadings).set({ state: 'failed', error }).where(isIt));
  }
}
