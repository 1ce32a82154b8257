import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { FunctionPartView, FunctionView } from '@/lib/contract/function';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { FunctionPart, FunctionPartContents } from '@/lib/estate/functions/function-reading';
import { read, readExisting } from './fetch-json';
import { fastMs, queryKeys, slowMs, withPage } from './queries';

/** Builds the query for one page, from 0, of the functions that the filter of an address finds, in its order. */
export function functionsQuery(connectionId: string, asked: URLSearchParams, page: number) {
  const query = withPage(asked, page).toString();
  return queryOptions({
    queryKey: [...queryKeys.functions(connectionId), 'list', query] as const,
    queryFn: ({ signal }) => read('function.list', { connectionId, query }, signal),
    refetchInterval: (query) => (query.state.data?.counts.state === 'running' ? readingMs : partMs),
    placeholderData: keepPreviousData,
  });
}

const keyOf = (connectionId: string, { region, namespace, name }: FunctionId) =>
  [...queryKeys.functions(connectionId), region, namespace, name] as const;

/** Builds the query for a function's page; it polls fast while something of the function changes. */
export function functionQuery(connectionId: string, id: FunctionId) {
  return queryOptions({
    queryKey: [...keyOf(connectionId, id), 'page'] as const,
    queryFn: ({ signal }) => read('function.get', { connectionId, ...id }, signal),
    refetchInterval: (query) => (query.state.data?.history.some(isOpen) ? fastMs : slowMs),
  });
}

const isOpen = ({ state }: FunctionView['history'][number]) => state === 'running';

/** The polling interval while the worker reads a part; a change is pushed, too. */
const readingMs = 1000;

/** Logs and calls change all the time. */
const partMs = 30_000;

/**
 * Builds the query for a part of a function that the worker reads when it is asked for.
 * @param modifiedAt when the function last changed: another time is another query
 */
export function functionPartQuery<Part extends FunctionPart>(
  connectionId: string,
  id: FunctionId,
  part: Part,
  modifiedAt: string,
) {
  const isLive = part.part === 'logs' || part.part === 'calls';
  return queryOptions({
    queryKey: [...keyOf(connectionId, id), part, isLive ? '' : modifiedAt] as const,
    queryFn: ({ signal }) =>
      readExisting('function.read', { connectionId, ...id, part }, signal) as Promise<
        FunctionPartView<FunctionPartContents[Part['part']]>
      >,
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      if (state === undefined || state === 'running') return readingMs;
      return isLive ? partMs : false;
    },
  });
}
