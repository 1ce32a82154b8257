import 'server-only';
import { z } from 'zod';
import type { FunctionPartView } from '@/lib/contract/function';
import { FunctionId } from '@/lib/estate/functions/function-change';
import { FunctionPart, type FunctionPartContent } from '@/lib/estate/functions/function-reading';
import { findFunction } from '@/lib/estate/look-up';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { askReading } from './ask-reading';

const Asked = FunctionId.extend({
  connectionId: z.string().max(200),
  part: FunctionPart,
});

/** The maximum age: a published version is immutable, but a function may be deleted and created again. */
const publishedForS = 600;
/** Other parts change with each call or deployment. */
const otherForS = 10;

function keptForS(part: FunctionPart): number {
  return part.part === 'code' && part.version !== '$LATEST' ? publishedForS : otherForS;
}

/**
 * Returns a part of a function as last read by the worker. Callers poll until it is no longer `running`.
 * @returns null if the connection's newest snapshot has no function of this name
 */
export const readFunctionPart = query(
  'function.read',
  Asked,
  ({ connectionId, region }) => ({ connections: [connectionId], regions: [region] }),
  async ({ connectionId, part, ...id }): Promise<FunctionPartView<FunctionPartContent> | null> => {
    const { db } = (await serverContext()).database;
    const { region, namespace, name } = id;
    const estate = await newestSnapshot(db, connectionId);
    const fn = estate === null ? undefined : findFunction(estate, { region, namespace, name });
    if (fn === undefined) return null;
    // Unknown functions must not use the worker and the database.
    if (part.part === 'code' && !fn.versions.includes(part.version)) return null;
    return askReading({ connectionId, region, namespace, name, part, keptForS: keptForS(part) });
  },
);
