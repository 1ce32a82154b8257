import type { MapView } from './map-model';
import {
  type RouteColumn,
  type RouteFilter,
  type RouteOrder,
  routeColumns,
  routeStates,
} from './route-filter';

/*
 * The parameters of an address that select the shown part of an estate. Pages and the server read the same ones. The
 * server checks their limits before any work.
 */

const parseOneOf = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

/** Parses the filter of an address; missing values get the default. */
export function parseRouteFilter(params: URLSearchParams): RouteFilter {
  return {
    search: params.get('q') ?? '',
    region: params.get('region') || null,
    state: parseOneOf(routeStates, params.get('state')),
    focus: params.getAll('focus').filter(Boolean),
  };
}

/** Parses the view of an address; missing or invalid values get the default. */
export function parseMapView(params: URLSearchParams): MapView {
  const page = Number(params.get('page') ?? 1);
  return {
    ...parseRouteFilter(params),
    open: params.getAll('open').filter(Boolean),
    page: Number.isSafeInteger(page) && page > 0 ? page - 1 : 0,
  };
}

/** Parses the order of a list of routes; without one it has that of the estate. */
export function parseRouteOrder(params: URLSearchParams): RouteOrder {
  return {
    sort: parseOneOf<RouteColumn>(routeColumns, params.get('sort')),
    descending: params.get('order') === 'desc',
  };
}

/** Writes parts of a view into parameters and keeps the others; omits defaults. */
export function writeMapParams(
  params: URLSearchParams,
  { search, region, state, focus, open, page, sort, descending }: Partial<MapView & RouteOrder>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  const putAll = (name: string, values: readonly string[]) => {
    next.delete(name);
    for (const value of values) next.append(name, value);
  };
  if (search !== undefined) put('q', search);
  if (region !== undefined) put('region', region);
  if (state !== undefined) put('state', state);
  if (focus !== undefined) putAll('focus', focus);
  if (open !== undefined) putAll('open', open);
  if (page !== undefined) put('page', page === 0 ? null : String(page + 1));
  if (sort !== undefined) put('sort', sort);
  if (descending !== undefined) put('order', descending ? 'desc' : null);
  return next;
}
