import type { DiversionSummary, SeriesView } from '@/lib/contract/diversion';
import type { Diversion } from '@/lib/diversion/diversion';
import { diversionKinds } from '@/lib/diversion/routes';
import { type DiversionState, diversionStates } from '@/lib/run/model/diversion-state';

/** The filters of the list of diversions, kept in the address. null = any. */
export type ListState = {
  readonly search: string;
  readonly state: DiversionState | null;
  readonly kind: Diversion['kind'] | null;
  readonly series: SeriesView['kind'] | null;
  readonly onlyAttention: boolean;
};

/** The filter by the role of a diversion in a series. */
export const seriesKinds = ['template', 'occurrence'] as const satisfies readonly SeriesView['kind'][];

/** Parses the filters from an address; missing or invalid values get the default. */
export function parseListState(params: URLSearchParams): ListState {
  return {
    search: params.get('q') ?? '',
    state: diversionStates.find((state) => state === params.get('state')) ?? null,
    kind: diversionKinds.find((kind) => kind === params.get('kind')) ?? null,
    series: seriesKinds.find((kind) => kind === params.get('series')) ?? null,
    onlyAttention: params.get('attention') === '1',
  };
}

/** Writes the filters into an address and keeps its other parameters; defaults are left out. */
export function writeListState(params: URLSearchParams, state: ListState): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  put('q', state.search);
  put('state', state.state);
  put('kind', state.kind);
  put('series', state.series);
  put('attention', state.onlyAttention ? '1' : null);
  return next;
}

/**
 * Returns the diversions that match the filters, in order. Every word of the search must match. Discarded diversions
 * match only the filter of their state.
 */
export function filterDiversions(
  all: readonly DiversionSummary[],
  { search, state, kind, series, onlyAttention }: ListState,
): readonly DiversionSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((diversion) => {
    if (state === null ? diversion.state === 'discarded' : diversion.state !== state) return false;
    if (kind !== null && diversion.kind !== kind) return false;
    if (series !== null && diversion.series?.kind !== series) return false;
    if (onlyAttention && diversion.attention.length === 0) return false;
    const { id, name, domains, owner, connectionName, current } = diversion;
    const ids = current === null ? [] : [current.planId, current.runId ?? ''];
    const of = diversion.series?.kind === 'occurrence' ? diversion.series.of : '';
    const text = [id, name, ...domains, owner, connectionName, of, ...ids].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
