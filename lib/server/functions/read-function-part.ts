import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { FunctionPartView } from '@/lib/client/function-views';
import { functionReadings } from '@/lib/db/schema';
import { FunctionId } from '@/lib/estate/function-change';
import { FunctionPart, type FunctionPartContent, functionPartKey } from '@/lib/estate/function-reading';
import { findFunction } from '@/lib/estate/look-up';
import { invariant } from '@/lib/invariant';
import { serverContext } from '@/lib/server/context';
import { newestSnapshot } from '@/lib/server/estate/newest-estate';
import { query } from '@/lib/server/verb';

const Asked = FunctionId.extend({
  connectionId: z.string().max(200),
  /** As the parameters of an address have it: numbers are text. */
  part: z.preprocess((params) => {
    const { hours, ...part } = Object(params);
    return { ...part, hours: Number(hours) };
  }, FunctionPart),
});

/** A published version never changes, but a function may be deleted and created again. */
const publishedForS = 600;
/** The rest changes with each call or deployment. */
const otherForS = 10;
/** A reading that has not ended by then is asked for again: its request may have been lost. */
const lostAfterS = 60;

function keptForS(part: FunctionPart): number {
  return part.part === 'code' && part.version !== '$LATEST' ? publishedForS : otherForS;
}

/**
 * Returns a part of a function as it was last read, and asks the worker to read it again if that was too long ago: the
 * dashboard itself can't call the cloud. Callers ask until it is no longer `running`.
 * @returns null if the newest snapshot of the connection has no function of this name
 */
export const readFunctionPart = query(
  'function.read',
  Asked,
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, part, ...id }): Promise<FunctionPartView<FunctionPartContent> | null> => {
    const { database, engine } = await serverContext();
    const { db } = database;
    const { region, namespace, name } = id;
    const estate = await newestSnapshot(db, connectionId);
    const fn = estate === null ? undefined : findFunction(estate, { region, namespace, name });
    if (fn === undefined) return null;
    // Only what there is takes up the worker and the database.
    if (part.part === 'code' && !fn.versions.includes(part.version)) return null;
    const key = functionPartKey(part);
    const isDue = sql`${functionReadings.askedAt} < now() - (case when ${functionReadings.state} = 'running'
      then ${lostAfterS} when ${functionReadings.state} = 'failed' then ${otherForS} else ${keptForS(part)} end)::int * interval '1 second'`;
    const asked = await db
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
        set: { state: 'running', askedAt: sql`now()` },
        setWhere: isDue,
      })
      .returning({ key: functionReadings.key });
    if (asked.length > 0) await engine.enqueueFunctionReading({ connectionId, region, namespace, name, key });
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
  },
);
