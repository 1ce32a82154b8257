import 'server-only';
import { z } from 'zod';
import type { FunctionPartView } from '@/lib/client/function-views';
import type { FunctionPartContent } from '@/lib/estate/functions/function-reading';
import { serverContext } from '@/lib/server/context';
import { newestSnapshot } from '@/lib/server/estate/newest-estate';
import { query } from '@/lib/server/verb';
import { askReading } from './ask-reading';

/** With ten to a request and two metrics, some hundred requests at most. */
const countedMax = 500;
const keptForS = 60;

/**
 * Returns the calls of a connection's functions in the last hour, as the worker last read them. Of more functions than can be
 * counted, only the first by region, namespace and name are. null before the first sync.
 */
export const countCalls = query(
  'function.countCalls',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId): Promise<FunctionPartView<FunctionPartContent> | null> => {
    const estate = await newestSnapshot((await serverContext()).database.db, connectionId);
    if (estate === null) return null;
    const functions = estate.functions
      .slice(0, countedMax)
      .map(({ region, namespace, name }) => ({ region, namespace, name }));
    const noFunction = { region: '', namespace: '', name: '' };
    return askReading({ connectionId, ...noFunction, part: { part: 'recent', functions }, keptForS });
  },
);
