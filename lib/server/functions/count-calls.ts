import 'server-only';
import type { FunctionPartView } from '@/lib/client/function-views';
import type { FunctionCount, FunctionPartContent } from '@/lib/estate/functions/function-reading';
import type { Estate } from '@/lib/estate/model';
import { askReading } from './ask-reading';

/** With ten to a request and two metrics, some hundred requests at most. */
const countedMax = 500;
const keptForS = 60;

/**
 * Returns the calls of a connection's functions in the last hour, as the worker last read them. Of more functions than can be
 * counted, only the first by region, namespace and name are.
 */
export async function countCalls({
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

/** The content of a part of this kind is a list of counts; of the others, only some are lists. */
function isCounts(content: FunctionPartContent | null): content is readonly FunctionCount[] {
  return Array.isArray(content);
}
