import 'server-only';
import { z } from 'zod';
import type { FunctionsView } from '@/lib/client/function-views';
import {
  findFunctions,
  functionColumns,
  functionUses,
  type ListedFunction,
  parseFunctionQuery,
} from '@/lib/estate/functions/function-query';
import { summarizeFunctions } from '@/lib/estate/functions/function-use';
import { mapLimits } from '@/lib/estate/topology/map-model';
import type { RunId } from '@/lib/run/model/run-id';
import { seeEstate } from '@/lib/server/access/see-estate';
import { serverContext } from '@/lib/server/context';
import { deriveOnce } from '@/lib/server/estate/derive-once';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { listQueryFields, pageParams } from '@/lib/server/page-params';
import { query } from '@/lib/server/verb';
import { countCalls } from './count-calls';
import { leftKey, readLeftByRuns } from './read-left-by-runs';

const FunctionQueryInput = z.object({
  ...listQueryFields(functionColumns),
  namespace: z.string().max(mapLimits.text).nullable(),
  use: z.enum(functionUses).nullable(),
});

const summarizeOnce = deriveOnce(summarizeFunctions);

/**
 * Returns one page of a connection's functions that pass a filter, in an order, with their use and their calls in the
 * last hour; null before the first sync. `params` are those of the page's address, with `offset` and `limit`.
 */
export const listFunctions = query(
  'function.list',
  z.object({ connectionId: z.string(), params: pageParams(parseFunctionQuery, FunctionQueryInput) }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, params: { asked, offset, limit } }, actor): Promise<FunctionsView | null> => {
    const { db } = (await serverContext()).database;
    const [newest, left] = await Promise.all([
      newestEstate(db, connectionId),
      readLeftByRuns(db, connectionId),
    ]);
    if (newest === null) return null;
    const estate = seeEstate(actor, 'function.list', newest);
    const { state, content, error } = await countCalls(estate);
    const counts = new Map((content ?? []).map((count) => [leftKey(count), count]));
    const all = summarizeOnce(estate).map((fn): ListedFunction<RunId> => {
      const { calls = null, errors = null } = counts.get(leftKey(fn)) ?? {};
      return { ...fn, calls, errors, leftBy: fn.ruleCount > 0 ? null : (left.get(leftKey(fn)) ?? null) };
    });
    const found = findFunctions(all, asked);
    return {
      takenAt: estate.takenAt,
      regions: estate.regions,
      namespaces: [...new Set(all.map(({ namespace }) => namespace))].toSorted(),
      gaps: estate.gaps,
      rows: found.slice(offset, offset + limit),
      found: found.length,
      total: all.length,
      counts: { state, error },
    };
  },
);
