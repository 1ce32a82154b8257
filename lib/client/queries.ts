import { queryOptions } from '@tanstack/react-query';
import type { HealthView } from '@/lib/contract/health';
import type { Cutover } from '@/lib/diversion/cutover';
import type { PlanId } from '@/lib/plan/model/model';
import { routes } from '@/lib/routes';
import type { RunId } from '@/lib/run/model/run-id';
import { fetchJson, read } from './fetch-json';

/* Changes are pushed (`live-changes.tsx`); these polls are for pages that no push has reached. */

/** The polling interval while something is changing. */
export const fastMs = 5000;

/** The polling interval while nothing is known to happen: other people and other tabs may still change things. */
export const slowMs = 15_000;

/** The parts of a cutover that decide when its plan is under way. */
export type Clock = Pick<Cutover, 't0' | 't1' | 'prewarmS'>;

/** The rows that a long list reads at once. */
export const rowsPerPage = 100;

/** Returns the parameters of one page, from 0, of the list that the parameters of an address ask for. */
export function withPage(asked: URLSearchParams, page: number): URLSearchParams {
  const params = new URLSearchParams(asked);
  params.set('offset', String(page * rowsPerPage));
  params.set('limit', String(rowsPerPage));
  return params;
}

export const queryKeys = {
  estate: (connectionId: string) => ['estate', connectionId] as const,
  estateSummary: (connectionId: string) => ['estate', connectionId, 'summary'] as const,
  /** Not below the estate key: only a new snapshot changes it, which is part of the key. */
  estatePart: (connectionId: string, part: string, version: string, query: string) =>
    ['estatePart', connectionId, part, version, query] as const,
  /** Not below the estate key: the progress of each sync would refetch the history. */
  pastEstate: (connectionId: string, at: string) => ['history', connectionId, 'at', at] as const,
  changes: (connectionId: string, span: ChangeSpan) => ['history', connectionId, span.from, span.to] as const,
  /** Every page of the bindings is below it. */
  bindings: (connectionId: string) => ['bindings', connectionId] as const,
  /** The list, the pages and the parts of functions are below it. */
  functions: (connectionId: string) => ['functions', connectionId] as const,
  testInvocations: (connectionId: string) => ['testInvocations', connectionId] as const,
  /** For all connections: run changes don't name their connection. */
  drifts: () => ['drift'] as const,
  drift: (connectionId: string) => ['drift', connectionId] as const,
  deployment: (deploymentId: string) => ['deployment', deploymentId] as const,
  /** Below the schedule key: every change of the schedule affects this. */
  clockChecks: (planId: PlanId, clock: Clock) => ['schedule', 'checks', planId, clock] as const,
  run: (runId: RunId) => ['run', runId] as const,
  /** Below the run key: marks and shares follow its events. */
  runCharts: (runId: RunId) => ['run', runId, 'charts'] as const,
  schedule: () => ['schedule'] as const,
  /** Below the schedule key: every change of the schedule affects this. */
  emergencyStop: () => ['schedule', 'line'] as const,
  switches: () => ['switches'] as const,
  rail: () => ['rail'] as const,
  overview: () => ['overview'] as const,
  sandbox: () => ['sandbox'] as const,
  health: () => ['health'] as const,
  search: (query: string) => ['search', query] as const,
  live: () => ['live'] as const,
};

/** Two instants (ISO): null = a day ago, and now. */
export type ChangeSpan = { readonly from: string | null; readonly to: string | null };

/** Detecting an upgrade is not urgent, and a tab that comes to the front polls anyway. */
const liveMs = 60_000;

/**
 * Builds the query for whether the dashboard is up, and its build: for pages that read nothing else while they are
 * open.
 */
export function liveQuery() {
  return queryOptions({
    queryKey: queryKeys.live(),
    queryFn: ({ signal }) => fetchJson<unknown>(routes.api.live(), signal),
    refetchInterval: liveMs,
  });
}

/** The health of all parts, also while the database is down. It has no push notifications. */
export function healthQuery() {
  return queryOptions({
    queryKey: queryKeys.health(),
    // 503: not ready for work; the response contains the reason.
    queryFn: ({ signal }) => fetchJson<HealthView>(routes.api.health(), signal, [503]),
    refetchInterval: fastMs,
  });
}

/** Builds the query for whether all changes are paused, polled on every page. */
export function emergencyStopQuery() {
  return queryOptions({
    queryKey: queryKeys.emergencyStop(),
    queryFn: ({ signal }) => read('emergencyStop.get', undefined, signal),
    refetchInterval: slowMs,
  });
}

/** Builds the query for what waits for a person behind the navigation entries, polled on every page. */
export function railQuery() {
  return queryOptions({
    queryKey: queryKeys.rail(),
    queryFn: ({ signal }) => read('navigation.count', undefined, signal),
    refetchInterval: slowMs,
  });
}
