import { parseMoment } from '@/components/history/changes-state';

/** How the estate is looked at: kept in the address, so that a view can be sent to someone. */
export type EstateViewState = {
  readonly view: 'graph' | 'list';
  readonly search: string;
  /** null = all regions. */
  readonly region: string | null;
  /** Id of the selected node; null = the panel is closed. */
  readonly node: string | null;
  /** The moment that is looked at, ISO; null = now. */
  readonly at: string | null;
  /** The zone that this moment is read in; null = the browser's own. */
  readonly zone: string | null;
};

/** Reads a view from an address's query; what is missing or odd gets the default. */
export function parseViewState(query: URLSearchParams): EstateViewState {
  return {
    view: query.get('view') === 'list' ? 'list' : 'graph',
    search: query.get('q') ?? '',
    region: query.get('region') || null,
    node: query.get('node') || null,
    ...parseMoment(query, 'at'),
  };
}

/** Writes a view into a query, next to what else stands in it; defaults are left out. */
export function writeViewState(query: URLSearchParams, state: EstateViewState): URLSearchParams {
  const next = new URLSearchParams(query);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  put('view', state.view === 'list' ? 'list' : null);
  put('q', state.search);
  put('region', state.region);
  put('node', state.node);
  put('at', state.at);
  put('zone', state.zone);
  return next;
}
