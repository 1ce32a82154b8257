import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '@/lib/client/fetch-json';
import type { RunForecastView } from '@/lib/client/runs/run-forecast-views';
import { routes } from '@/lib/routes';
import type { RunId } from '@/lib/run/model/run-id';

/** Traffic is measured once a minute, and each read runs the model. In ms. */
const everyMs = 30_000;

/** Builds the query for the forecast of a run. Its key is not that of the run, whose every step would read it again. */
export function runForecastQuery(runId: RunId) {
  return queryOptions({
    queryKey: ['forecast', runId],
    queryFn: ({ signal }) => fetchJson<RunForecastView>(`${routes.api.run(runId)}/forecast`, signal),
    refetchInterval: everyMs,
  });
}
