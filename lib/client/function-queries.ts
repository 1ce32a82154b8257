import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { FunctionPart, FunctionPartContents } from '@/lib/estate/functions/function-reading';
import { routes } from '@/lib/routes';
import { fetchJson } from './fetch-json';
import type { FunctionPartView, FunctionsView, FunctionView } from './function-views';
import { fastMs, queryKeys, slowMs, withPage } from './queries';

/** Builds the query for one page, from 0, of the functions that the filter of an address finds, in its order. */
export function functionsQuery(connectionId: string, asked: URLSearchParams, page: number) {
  const params = withPage(asked, page);
  return queryOptions({
    queryKey: [...queryKeys.functions(connectionId), 'list', params.toString()] as const,
    queryFn: ({ signal }) =>
      fetchJson<FunctionsView | null>(routes.api.functions(connectionId, params), signal),
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
    queryFn: ({ signal }) => fetchJson<FunctionView | null>(routes.api.function(connectionId, id), signal),
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
      fetchJson<FunctionPartView<FunctionPartContents[Part['part']]>>(
        routes.api.functionPart(connectionId, id, part),
        signal,
      ),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      if (state === undefined || state === 'running') return readingMs;
      return isLive ? partMs : false;
    },
  });
}
