import { queryOptions } from '@tanstack/react-query';
import type {
  ConnectionSettingsList,
  ConnectionSettingsView,
} from '@/lib/client/connections/connection-views';
import { fetchJson } from '@/lib/client/fetch-json';
import { fastMs, slowMs } from '@/lib/client/queries';

/** Returns whether a worker is about to change what is shown of a connection. */
function isPending({ added, problem, test }: ConnectionSettingsView): boolean {
  return (added?.isVerified === false && problem === null) || (test !== null && test.finishedAt === null);
}

/** Builds the query for the connections with the origin of their keys, which nothing pushes. Only a late part needs it. */
export function connectionSettingsQuery() {
  return queryOptions({
    queryKey: ['connectionSettings'],
    queryFn: ({ signal }) => fetchJson<ConnectionSettingsList>('/api/connection-settings', signal),
    refetchInterval: (query) => (query.state.data?.connections.some(isPending) ? fastMs : slowMs),
  });
}
