import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson } from '@/lib/client/fetch-json';
import type { HistoryPlace } from '@/lib/estate/history/traffic-history';
import { routes } from '@/lib/routes';
import type { HistoryPlacesView, TrafficHistoryView } from './capacity-views';

/** The event whose requests are read. Instants are ISO. */
export type HistoryQuestion = {
  readonly connectionId: string;
  readonly place: HistoryPlace;
  readonly from: string;
  readonly to: string;
};

const readingMs = 1000;

/** Builds the query for the places of an account that match a search; null = it has no snapshot. */
export function historyPlacesQuery(connectionId: string, search: string, isOpen: boolean) {
  return queryOptions({
    queryKey: ['historyPlaces', connectionId, search] as const,
    queryFn: ({ signal }) =>
      fetchJson<HistoryPlacesView | null>(routes.api.historyPlaces(connectionId, search), signal),
    enabled: isOpen && connectionId !== '',
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for the requests of a past event; it polls while the worker reads them. */
export function trafficHistoryQuery(question: HistoryQuestion | null) {
  return queryOptions({
    queryKey: ['trafficHistory', question] as const,
    queryFn: ({ signal }) => {
      if (question === null) throw new Error('a query that is not enabled does not run');
      const { connectionId, place, from, to } = question;
      return fetchJson<TrafficHistoryView>(
        routes.api.trafficHistory(connectionId, place, { from, to }),
        signal,
      );
    },
    enabled: question !== null,
    retry: false,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? readingMs : false),
  });
}
