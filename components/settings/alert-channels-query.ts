import { queryOptions } from '@tanstack/react-query';
import type { AlertChannelsView } from '@/lib/client/alert-views';
import { fetchJson } from '@/lib/client/fetch-json';
import { fastMs, slowMs } from '@/lib/client/queries';

/**
 * Builds the query for the channels of alerts and their deliveries, which nothing pushes. Its key and its path are here,
 * because only a part of a page that is loaded late needs them.
 */
export function alertChannelsQuery() {
  return queryOptions({
    queryKey: ['alertChannels'],
    queryFn: ({ signal }) => fetchJson<AlertChannelsView>('/api/alert-channels', signal),
    refetchInterval: (query) =>
      query.state.data?.deliveries.some(({ delivery }) => delivery === 'waiting') ? fastMs : slowMs,
  });
}
