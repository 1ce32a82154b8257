import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TopologyMap } from '@/lib/estate/topology/map-model';
import type { NodeDetail } from '@/lib/estate/topology/node-detail';
import { routes } from '@/lib/routes';
import type { DriftView } from './drift-views';
import { fetchJson } from './fetch-json';
import { type ChangeSpan, fastMs, queryKeys, slowMs, withPage } from './queries';
import type { BindingsView, EstateChangesView, EstateView, PastEstateView, RoutesView } from './views';

/**
 * Builds the query for a connection's stored snapshot; it polls fast while a sync runs or the first one is due.
 * @param asked true if a sync was requested that has not shown up yet.
 */
export function estateQuery(connectionId: string, asked = false) {
  return queryOptions({
    queryKey: queryKeys.estate(connectionId),
    queryFn: ({ signal }) => fetchJson<EstateView>(routes.api.estate(connectionId), signal),
    refetchInterval: (query) => {
      const state = query.state.data?.sync.state;
      return asked || state === 'running' || state === 'never' ? fastMs : slowMs;
    },
  });
}

/** The snapshot that parts are read of: its time, and the instant of the past that was asked for. */
export type EstateVersion = { readonly version: string; readonly at: string | null };

function partQuery<T>(
  connectionId: string,
  part: 'map' | 'routes' | 'node',
  { version, at }: EstateVersion,
  params: URLSearchParams,
) {
  const query = new URLSearchParams(params);
  if (at !== null) query.set('at', at);
  return queryOptions({
    queryKey: queryKeys.estatePart(connectionId, part, version, query.toString()),
    queryFn: ({ signal }) => fetchJson<T | null>(routes.api.estatePart(connectionId, part, query), signal),
    // Runs change records between two syncs, and drift changes with the runs.
    refetchInterval: at === null ? slowMs : false,
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for the part of an estate that the view of an address draws. */
export function mapQuery(connectionId: string, version: EstateVersion, view: URLSearchParams) {
  return partQuery<TopologyMap>(connectionId, 'map', version, view);
}

/** Builds the query for everything about one node of an estate. */
export function nodeQuery(connectionId: string, version: EstateVersion, node: string) {
  return partQuery<NodeDetail>(connectionId, 'node', version, new URLSearchParams({ node }));
}

/** Builds the query for one page, from 0, of the routes that the filter of an address finds, in its order. */
export function routesQuery(
  connectionId: string,
  version: EstateVersion,
  view: URLSearchParams,
  page: number,
) {
  const params = withPage(view, page);
  return partQuery<RoutesView>(connectionId, 'routes', version, params);
}

/** The past does not change, except for when the next sync took place. */
const pastMs = 60_000;

/** Builds the query for the state that was live at an instant (ISO). */
export function pastEstateQuery(connectionId: string, at: string) {
  return queryOptions({
    queryKey: queryKeys.pastEstate(connectionId, at),
    queryFn: ({ signal }) =>
      fetchJson<PastEstateView | null>(routes.api.pastEstate(connectionId, at), signal),
    refetchInterval: pastMs,
  });
}

/** Builds the query for the changes between two instants. */
export function changesQuery(connectionId: string, span: ChangeSpan) {
  const given = Object.entries(span).filter((entry): entry is [string, string] => entry[1] !== null);
  return queryOptions({
    queryKey: queryKeys.changes(connectionId, span),
    queryFn: ({ signal }) =>
      fetchJson<EstateChangesView | null>(
        routes.api.estateChanges(connectionId, Object.fromEntries(given)),
        signal,
      ),
    refetchInterval: slowMs,
  });
}

/** Builds the query for one page, from 0, of the bindings that the filter of an address finds, in its order. */
export function bindingsQuery(connectionId: string, asked: URLSearchParams, page: number) {
  const params = withPage(asked, page);
  return queryOptions({
    queryKey: [...queryKeys.bindings(connectionId), params.toString()] as const,
    queryFn: ({ signal }) =>
      fetchJson<BindingsView | null>(routes.api.bindings(connectionId, params), signal),
    refetchInterval: slowMs,
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for drift: objects that differ from the state that the last applied plan left. */
export function driftQuery(connectionId: string) {
  return queryOptions({
    queryKey: queryKeys.drift(connectionId),
    queryFn: ({ signal }) => fetchJson<DriftView | null>(routes.api.drift(connectionId), signal),
    refetchInterval: slowMs,
  });
}
