import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '@/lib/client/fetch-json';
import { queryKeys, slowMs } from '@/lib/client/queries';
import type { RunConvergenceView } from '@/lib/client/run-convergence-views';
import { routes } from '@/lib/routes';
import type { RunId } from '@/lib/run/model/run-id';

/** Builds the query for the answers of vantage points about a run; each round is pushed with those of its charts. */
export function runConvergenceQuery(runId: RunId) {
  return queryOptions({
    queryKey: [...queryKeys.runCharts(runId), 'convergence'],
    queryFn: ({ signal }) => fetchJson<RunConvergenceView>(`${routes.api.run(runId)}/convergence`, signal),
    refetchInterval: slowMs,
  });
}
