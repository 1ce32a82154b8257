import { parseMoment } from '@/components/history/changes-state';
import type { MapView } from '@/lib/estate/topology/map-model';
import { parseMapView, parseRouteOrder, writeMapParams } from '@/lib/estate/topology/map-params';
import type { RouteOrder } from '@/lib/estate/topology/route-filter';

/** The view of the estate, kept in the address so that it can be shared. */
export type EstateViewState = MapView &
  RouteOrder & {
    readonly view: 'graph' | 'list';
    /** Id of the selected node; null = the panel is closed. */
    readonly node: string | null;
    /** The displayed instant, ISO; null = now. */
    readonly at: string | null;
    /** The time zone in which this instant is shown; null = the browser's own. */
    readonly zone: string | null;
  };

/** Parses a view from an address's query; missing or invalid values get the default. */
export function parseViewState(query: URLSearchParams): EstateViewState {
  return {
    ...parseMapView(query),
    ...parseRouteOrder(query),
    view: query.get('view') === 'list' ? 'list' : 'graph',
    node: query.get('node') || null,
    ...parseMoment(query, 'at'),
  };
}

/** Writes a view into a query and keeps its other parameters; defaults are left out. */
export function writeViewState(query: URLSearchParams, state: EstateViewState): URLSearchParams {
  const next = writeMapParams(query, state);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  put('view', state.view === 'list' ? 'list' : null);
  put('node', state.node);
  put('at', state.at);
  put('zone', state.zone);
  return next;
}
