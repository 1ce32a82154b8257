import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { read, readExisting } from './fetch-json';
import { type Clock, fastMs, queryKeys, slowMs } from './queries';

const movingStates: readonly RunState[] = ['queued', 'applying', 'rollingBack', 'retrying'];

/** Builds the query for a run; it polls fast while the run moves. */
export function runQuery(runId: RunId) {
  return queryOptions({
    queryKey: queryKeys.run(runId),
    queryFn: ({ signal }) => readExisting('run.get', runId, signal),
    // Changes pushed between the server's read and this page's arrival reached no listener.
    refetchOnMount: 'always',
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === undefined || movingStates.includes(state) ? fastMs : slowMs;
    },
  });
}

/** Builds the query for the charts of a run; each round of probes is pushed. */
export function runChartsQuery(runId: RunId) {
  return queryOptions({
    queryKey: queryKeys.runCharts(runId),
    queryFn: ({ signal }) => readExisting('run.getCharts', runId, signal),
    refetchInterval: slowMs,
  });
}

/** The hits stay while the next ones are on their way. */
export function searchQuery(query: string) {
  return queryOptions({
    queryKey: queryKeys.search(query),
    queryFn: ({ signal }) => read('object.search', { query }, signal),
    enabled: query !== '',
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for the switchboard. Each round of probes is pushed. */
export function switchesQuery() {
  return queryOptions({
    queryKey: queryKeys.switches(),
    queryFn: ({ signal }) => read('switch.list', undefined, signal),
    refetchInterval: slowMs,
  });
}

/** The sandbox pushes nothing, and its clock, faults and log change all the time. */
const sandboxMs = 5000;

/** Builds the query for the sandbox, polled while its page is open. */
export function sandboxQuery() {
  return queryOptions({
    queryKey: queryKeys.sandbox(),
    queryFn: ({ signal }) => read('sandbox.get', undefined, signal),
    refetchInterval: sandboxMs,
  });
}

/** A cutover that has begun changes by the second on its own page; here only its state is needed. */
const scheduleMs = 5000;

const waitingStates: readonly RunState[] = ['scheduled', 'paused', 'stopped', 'done', 'rolledBack', 'closed'];

/** Builds the query for the schedule; it polls faster while something on it is under way. */
export function scheduleQuery() {
  return queryOptions({
    queryKey: queryKeys.schedule(),
    queryFn: ({ signal }) => read('schedule.get', undefined, signal),
    refetchInterval: (query) => {
      const cutovers = query.state.data?.cutovers ?? [];
      return cutovers.some(({ state }) => !waitingStates.includes(state)) ? scheduleMs : slowMs;
    },
  });
}

/** Builds the query for the check results of a scheduled plan. */
export function clockChecksQuery(planId: PlanId, { t0, t1, prewarmS }: Clock) {
  const clock = { planId, t0, t1: t1 ?? undefined, prewarmS };
  return queryOptions({
    queryKey: queryKeys.clockChecks(planId, { t0, t1, prewarmS }),
    queryFn: ({ signal }) => read('plan.check', clock, signal),
    refetchInterval: slowMs,
  });
}

/** Builds the query for the start page. Countdowns and progress run in the browser; what they count to is read here. */
export function overviewQuery() {
  return queryOptions({
    queryKey: queryKeys.overview(),
    queryFn: ({ signal }) => read('overview.get', undefined, signal),
    // Changes pushed between the server's read and this page's arrival reached no listener.
    refetchOnMount: 'always',
    refetchInterval: slowMs,
  });
}
