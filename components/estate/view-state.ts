import { parseMoment } from '@/components/history/changes-state';

/** The view of the estate, kept in the address so that it can be shared. */
export type EstateViewState = {
  readonly view: 'graph' | 'list';
  readonly search: string;
  /** null = all regions. */
  readonly region: string | null;
  /** Id of the selected node; null = the panel is closed. */
  readonly node: string | null;
  /** The moment shown, ISO; null = now. */
  readonly at: string | null;
  /** The time zone in which this moment is shown; null = the browser's own. */
  readonly zone: string | null;
};

/** Parses a view from an address's query; missing or invalid values get the default. */
export function parseViewState(query: URLSearchParams): EstateViewState {
  return {
    view: query.get('view') === 'list' ? 'list' : 'graph',
    search: query.get('q') ?? '',
    region: query.get('region') || null,
    node: query.get('node') || null,
    ...parseMoment(query, 'at'),
  };
}

/** Writes a view into a query and keeps its other parameters; defaults are left out. */
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
