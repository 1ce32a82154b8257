import 'server-only';
import { z } from 'zod';
import type { FunctionPartView, FunctionsView } from '@/lib/contract/function';
import {
  findFunctions,
  functionColumns,
  functionUses,
  type ListedFunction,
  parseFunctionQuery,
} from '@/lib/estate/functions/function-query';
import type { FunctionCount, FunctionPartContent } from '@/lib/estate/functions/function-reading';
import { summarizeFunctions } from '@/lib/estate/functions/function-use';
import type { Estate } from '@/lib/estate/model';
import { mapLimits } from '@/lib/estate/topology/map-model';
import type { RunId } from '@/lib/run/model/run-id';
import { seeEstate } from '@/lib/server/access/see-estate';
import { deriveOnce } from '@/lib/server/estate/derive-once';
import { listQueryFields, pageQuery } from '@/lib/server/page-params';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { askReading } from './ask-reading';
import { leftKey, readLeftByRuns } from './read-left-by-runs';

/** At ten functions per request and two metrics, this is a few hundred requests at most. */
const countedMax = 500;
const keptForS = 60;

/**
 * Returns the calls of a connection's functions in the last hour, as last read by the worker. Above the limit, only the
 * first functions by region, namespace and name are counted.
 */
async function countCalls({
  connectionId,
  functions,
}: Pick<Estate, 'connectionId' | 'functions'>): Promise<FunctionPartView<readonly FunctionCount[]>> {
  const counted = functions
    .slice(0, countedMax)
    .map(({ region, namespace, name }) => ({ region, namespace, name }));
  const noFunction = { region: '', namespace: '', name: '' };
  const read = await askReading({
    connectionId,
    ...noFunction,
    part: { part: 'recent', functions: counted },
    keptForS,
  });
  return { ...read, content: isCounts(read.content) ? read.content : null };
}

/** The content of this kind of part is a list of counts; other kinds may have other shapes. */
function isCounts(content: FunctionPartContent | null): content is readonly FunctionCount[] {
  return Array.isArray(content);
}

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
  z.object({ connectionId: z.string(), query: pageQuery(parseFunctionQuery, FunctionQueryInput) }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, query: { asked, offset, limit } }, actor): Promise<FunctionsView | null> => {
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
