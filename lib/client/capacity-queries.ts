import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { HistoryPlace } from '@/lib/estate/history/traffic-history';
import { read, readExisting } from './fetch-json';

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
    queryFn: ({ signal }) => read('capacity.listPlaces', { connectionId, search }, signal),
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
      return readExisting('capacity.readHistory', question, signal);
    },
    enabled: question !== null,
    retry: false,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? readingMs : false),
  });
}
