import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { read } from './fetch-json';
import { type ChangeSpan, fastMs, queryKeys, slowMs, withPage } from './queries';

/**
 * Builds the query for a connection's stored snapshot; it polls fast while a sync runs or the first one is due.
 * @param asked true if a sync was requested that has not shown up yet.
 */
export function estateQuery(connectionId: string, asked = false) {
  return queryOptions({
    queryKey: queryKeys.estate(connectionId),
    queryFn: ({ signal }) => read('estate.get', connectionId, signal),
    refetchInterval: (query) => {
      const state = query.state.data?.sync.state;
      return asked || state === 'running' || state === 'never' ? fastMs : slowMs;
    },
  });
}

/** The snapshot that parts are read of: its time, and the instant of the past that was asked for. */
export type EstateVersion = { readonly version: string; readonly at: string | null };

function partQuery<Name extends 'estate.getMap' | 'estate.listRoutes' | 'estate.getNode'>(
  connectionId: string,
  name: Name,
  { version, at }: EstateVersion,
  params: URLSearchParams,
) {
  const asked = new URLSearchParams(params);
  if (at !== null) asked.set('at', at);
  const query = asked.toString();
  return queryOptions({
    queryKey: queryKeys.estatePart(connectionId, name, version, query),
    queryFn: ({ signal }) => read(name, { connectionId, query }, signal),
    // Runs change records between two syncs, and drift changes with the runs.
    refetchInterval: at === null ? slowMs : false,
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for the part of an estate that the view of an address draws. */
export function mapQuery(connectionId: string, version: EstateVersion, view: URLSearchParams) {
  return partQuery(connectionId, 'estate.getMap', version, view);
}

/** Builds the query for everything about one node of an estate. */
export function nodeQuery(connectionId: string, version: EstateVersion, node: string) {
  return partQuery(connectionId, 'estate.getNode', version, new URLSearchParams({ node }));
}

/** Builds the query for one page, from 0, of the routes that the filter of an address finds, in its order. */
export function routesQuery(
  connectionId: string,
  version: EstateVersion,
  view: URLSearchParams,
  page: number,
) {
  const params = withPage(view, page);
  return partQuery(connectionId, 'estate.listRoutes', version, params);
}

/** The past does not change, except for when the next sync took place. */
const pastMs = 60_000;

/** Builds the query for the state that was live at an instant (ISO). */
export function pastEstateQuery(connectionId: string, at: string) {
  return queryOptions({
    queryKey: queryKeys.pastEstate(connectionId, at),
    queryFn: ({ signal }) => read('estate.getPast', { connectionId, at }, signal),
    refetchInterval: pastMs,
  });
}

/** Builds the query for the changes between two instants. */
export function changesQuery(connectionId: string, span: ChangeSpan) {
  const asked = { connectionId, from: span.from ?? undefined, to: span.to ?? undefined };
  return queryOptions({
    queryKey: queryKeys.changes(connectionId, span),
    queryFn: ({ signal }) => read('estate.listChanges', asked, signal),
    refetchInterval: slowMs,
  });
}

/** Builds the query for one page, from 0, of the bindings that the filter of an address finds, in its order. */
export function bindingsQuery(connectionId: string, asked: URLSearchParams, page: number) {
  const query = withPage(asked, page).toString();
  return queryOptions({
    queryKey: [...queryKeys.bindings(connectionId), query] as const,
    queryFn: ({ signal }) => read('binding.list', { connectionId, query }, signal),
    refetchInterval: slowMs,
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for drift: objects that differ from the state that the last applied plan left. */
export function driftQuery(connectionId: string) {
  return queryOptions({
    queryKey: queryKeys.drift(connectionId),
    queryFn: ({ signal }) => read('drift.get', connectionId, signal),
    refetchInterval: slowMs,
  });
}
