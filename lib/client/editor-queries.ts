import { queryOptions } from '@tanstack/react-query';
import { read, readExisting } from './fetch-json';
import { fastMs, queryKeys, slowMs } from './queries';

/* The queries of estates and functions that the editor needs, apart from those that only other pages load. */

/** Builds the query for a connection's counts and sync; it polls like the one of its snapshot. */
export function estateSummaryQuery(connectionId: string, asked = false) {
  return queryOptions({
    queryKey: queryKeys.estateSummary(connectionId),
    queryFn: ({ signal }) => read('estate.getSummary', connectionId, signal),
    refetchInterval: (query) => {
      const state = query.state.data?.sync.state;
      return asked || state === 'running' || state === 'never' ? fastMs : slowMs;
    },
  });
}

/** Builds the query for a function deployment, polled until it has ended. */
export function deploymentQuery(deploymentId: string) {
  return queryOptions({
    queryKey: queryKeys.deployment(deploymentId),
    queryFn: ({ signal }) => readExisting('deployment.get', deploymentId, signal),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === undefined || state === 'running' ? fastMs : false;
    },
  });
}

/**
 * Builds the query for the test invocations of a connection's functions; it polls fast while one of them is under way.
 */
export function testInvocationsQuery(connectionId: string) {
  return queryOptions({
    queryKey: queryKeys.testInvocations(connectionId),
    queryFn: ({ signal }) => read('function.listTestInvocations', connectionId, signal),
    refetchInterval: (query) =>
      query.state.data?.newest.some(({ state }) => state === 'running') ? fastMs : slowMs,
  });
}
