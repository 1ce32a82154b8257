import { and, eq, sql } from 'drizzle-orm';
import type { FunctionPartView } from '@/lib/contract/function';
import { functionReadings } from '@/lib/db/schema';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import {
  type FunctionPartContent,
  functionPartKey,
  type ReadingPart,
} from '@/lib/estate/functions/function-reading';
import { invariant } from '@/lib/invariant';
import { serverContext } from '@/lib/store/context';

/** A read that has not ended by then is requested again: its request may have been lost. */
const lostAfterS = 60;
/** The delay before a failed read is requested again. */
const failedForS = 10;

type Asked = FunctionId & {
  readonly connectionId: string;
  readonly part: ReadingPart;
  /** The age at which it is refreshed. */
  readonly keptForS: number;
};

/**
 * Returns the worker's last result, and requests a new read if it is too old: the dashboard itself can't call the
 * cloud. Concurrent callers share that read.
 */
export async function askReading(asked: Asked): Promise<FunctionPartView<FunctionPartContent>> {
  const { connectionId, region, namespace, name, part, keptForS } = asked;
  const { database, engine } = await serverContext();
  const { db } = database;
  const key = functionPartKey(part);
  const isDue = sql`${functionReadings.askedAt} < now() - (case when ${functionReadings.state} = 'running'
    then ${lostAfterS} when ${functionReadings.state} = 'failed' then ${failedForS} else ${keptForS} end)::int * interval '1 second'`;
  const due = await db
    .insert(functionReadings)
    .values({ connectionId, region, namespace, name, key, part, state: 'running' })
    .onConflictDoUpdate({
      target: [
        functionReadings.connectionId,
        functionReadings.region,
        functionReadings.namespace,
        functionReadings.name,
        functionReadings.key,
      ],
      set: { state: 'running', askedAt: sql`now()`, part },
      setWhere: isDue,
    })
    .returning({ key: functionReadings.key });
  if (due.length > 0) await engine.enqueueFunctionReading({ connectionId, region, namespace, name, key });
  const [row] = await db
    .select()
    .from(functionReadings)
    .where(
      and(
        eq(functionReadings.connectionId, connectionId),
        eq(functionReadings.region, region),
        eq(functionReadings.namespace, namespace),
        eq(functionReadings.name, name),
        eq(functionReadings.key, key),
      ),
    );
  invariant(row !== undefined, 'a reading that was asked for is stored');
  const { state, content, readAt, error } = row;
  return { state, content, readAt: readAt?.toISOString() ?? null, error };
}
