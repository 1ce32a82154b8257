import 'server-only';
import type { FunctionPartView } from '@/lib/client/function-views';
import type { FunctionCount, FunctionPartContent } from '@/lib/estate/functions/function-reading';
import type { Estate } from '@/lib/estate/model';
import { askReading } from './ask-reading';

/** At ten functions per request and two metrics, this is a few hundred requests at most. */
const countedMax = 500;
const keptForS = 60;

/**
 * Returns the calls of a connection's functions in the last hour, as last read by the worker. Above the limit, only the
 * first functions by region, namespace and name are counted.
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

/** The content of this kind of part is a list of counts; other kinds may have other shapes. */
function isCounts(content: FunctionPartContent | null): content is readonly FunctionCount[] {
  return Array.isArray(content);
}
