import 'server-only';
import { z } from 'zod';
import type { FunctionsView } from '@/lib/client/function-views';
import { summarizeFunctions } from '@/lib/estate/functions/function-use';
import { serverContext } from '@/lib/server/context';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { query } from '@/lib/server/verb';
import { leftKey, readLeftByRuns } from './read-left-by-runs';

/** Returns every function of a connection with its use; null before the first sync. */
export const listFunctions = query(
  'function.list',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId): Promise<FunctionsView | null> => {
    const { db } = (await serverContext()).database;
    const [estate, left] = await Promise.all([
      newestEstate(db, connectionId),
      readLeftByRuns(db, connectionId),
    ]);
    if (estate === null) return null;
    return {
      takenAt: estate.takenAt,
      regions: estate.regions,
      gaps: estate.gaps,
      functions: summarizeFunctions(estate).map((fn) => ({
        ...fn,
        leftBy: fn.ruleCount > 0 ? null : (left.get(leftKey(fn)) ?? null),
      })),
    };
  },
);
