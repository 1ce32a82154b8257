import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Cutover } from '@/lib/diversion/cutover';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { FunctionPart, FunctionPartContents } from '@/lib/estate/functions/function-reading';
import type { TopologyMap } from '@/lib/estate/topology/map-model';
import type { NodeDetail } from '@/lib/estate/topology/node-detail';
import type { PlanId } from '@/lib/plan/model/model';
import { routes } from '@/lib/routes';
import type { RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { DriftView } from './drift-views';
import { fetchJson } from './fetch-json';
import type {
  DeploymentView,
  FunctionPartView,
  FunctionsView,
  FunctionView,
  TestInvocationsView,
} from './function-views';
import type { OverviewView } from './overview-views';
import type { RunChartsView } from './run-charts-views';
import type { SearchView } from './search-views';
import type { SwitchboardView } from './switch-views';
import type {
  BindingsView,
  ClockChecksView,
  EmergencyStopStatusView,
  EstateChangesView,
  EstateSummaryView,
  EstateView,
  HealthView,
  PastEstateView,
  RailView,
  RoutesView,
  RunPageView,
  SandboxView,
  ScheduleView,
} from './views';

/* Changes are pushed (`live-changes.tsx`); these polls are for pages that no push has reached. */

/** The polling interval while something is changing. */
const fastMs = 5000;
/** The polling interval while nothing is known to happen: other people and other tabs may still change things. */
const slowMs = 15_000;

/** The parts of a cutover that decide when its plan is under way. */
type Clock = Pick<Cutover, 't0' | 't1' | 'prewarmS'>;

/** The rows that a long list reads at once. */
export const rowsPerPage = 100;

/** Returns the parameters of one page, from 0, of the list that the parameters of an address ask for. */
function withPage(asked: URLSearchParams, page: number): URLSearchParams {
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
  /** For all connections: run changes don't say which connection they belong to. */
  drifts: () => ['drift'] as const,
  drift: (connectionId: string) => ['drift', connectionId] as const,
  deployment: (deploymentId: string) => ['deployment', deploymentId] as const,
  /** Below the schedule key: whatever changes the schedule changes this. */
  clockChecks: (planId: PlanId, clock: Clock) => ['schedule', 'checks', planId, clock] as const,
  run: (runId: RunId) => ['run', runId] as const,
  /** Below the run key: marks and shares follow its events. */
  runCharts: (runId: RunId) => ['run', runId, 'charts'] as const,
  schedule: () => ['schedule'] as const,
  /** Below the schedule key: whatever changes the schedule changes this. */
  emergencyStop: () => ['schedule', 'line'] as const,
  switches: () => ['switches'] as const,
  rail: () => ['rail'] as const,
  overview: () => ['overview'] as const,
  sandbox: () => ['sandbox'] as const,
  health: () => ['health'] as const,
  search: (query: string) => ['search', query] as const,
  live: () => ['live'] as const,
};

/**
 * Builds the query for a connection's stored snapshot; it polls fast while a sync runs or the first one is due.
 * @param asked true if a sync was requested that has not shown up yet.
 */
export function estateQuery(connectionId: string, asked = false) {
  return queryOptions({
    queryKey: queryKeys.estate(connectionId),
    queryFn: ({ signal }) => fetchJson<EstateView>(routes.api.estate(connectionId), signal),
    refetchInterval: (query) => {
      const state = query.state.data?.sync.state;
      return asked || state === 'running' || state === 'never' ? fastMs : slowMs;
    },
  });
}

/** Builds the query for a connection's counts and sync; it polls like the one of its snapshot. */
export function estateSummaryQuery(connectionId: string, asked = false) {
  return queryOptions({
    queryKey: queryKeys.estateSummary(connectionId),
    queryFn: ({ signal }) => fetchJson<EstateSummaryView>(routes.api.estateSummary(connectionId), signal),
    refetchInterval: (query) => {
      const state = query.state.data?.sync.state;
      return asked || state === 'running' || state === 'never' ? fastMs : slowMs;
    },
  });
}

/** The snapshot that parts are read of: its time, and the instant of the past that was asked for. */
export type EstateVersion = { readonly version: string; readonly at: string | null };

function partQuery<T>(
  connectionId: string,
  part: 'map' | 'routes' | 'node',
  { version, at }: EstateVersion,
  params: URLSearchParams,
) {
  const query = new URLSearchParams(params);
  if (at !== null) query.set('at', at);
  return queryOptions({
    queryKey: queryKeys.estatePart(connectionId, part, version, query.toString()),
    queryFn: ({ signal }) => fetchJson<T | null>(routes.api.estatePart(connectionId, part, query), signal),
    // Runs change records between two syncs, and drift changes with the runs.
    refetchInterval: at === null ? slowMs : false,
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for the part of an estate that the view of an address draws. */
export function mapQuery(connectionId: string, version: EstateVersion, view: URLSearchParams) {
  return partQuery<TopologyMap>(connectionId, 'map', version, view);
}

/** Builds the query for everything about one node of an estate. */
export function nodeQuery(connectionId: string, version: EstateVersion, node: string) {
  return partQuery<NodeDetail>(connectionId, 'node', version, new URLSearchParams({ node }));
}

/** Builds the query for one page, from 0, of the routes that the filter of an address finds, in its order. */
export function routesQuery(
  connectionId: string,
  version: EstateVersion,
  view: URLSearchParams,
  page: number,
) {
  const params = withPage(view, page);
  return partQuery<RoutesView>(connectionId, 'routes', version, params);
}

/** The past does not change, except for when the next sync took place. */
const pastMs = 60_000;

/** Builds the query for the state that was live at an instant (ISO). */
export function pastEstateQuery(connectionId: string, at: string) {
  return queryOptions({
    queryKey: queryKeys.pastEstate(connectionId, at),
    queryFn: ({ signal }) =>
      fetchJson<PastEstateView | null>(routes.api.pastEstate(connectionId, at), signal),
    refetchInterval: pastMs,
  });
}

/** Two instants (ISO): null = a day ago, and now. */
export type ChangeSpan = { readonly from: string | null; readonly to: string | null };

/** Builds the query for the changes between two instants. */
export function changesQuery(connectionId: string, span: ChangeSpan) {
  const given = Object.entries(span).filter((entry): entry is [string, string] => entry[1] !== null);
  return queryOptions({
    queryKey: queryKeys.changes(connectionId, span),
    queryFn: ({ signal }) =>
      fetchJson<EstateChangesView | null>(
        routes.api.estateChanges(connectionId, Object.fromEntries(given)),
        signal,
      ),
    refetchInterval: slowMs,
  });
}

/** Builds the query for one page, from 0, of the bindings that the filter of an address finds, in its order. */
export function bindingsQuery(connectionId: string, asked: URLSearchParams, page: number) {
  const params = withPage(asked, page);
  return queryOptions({
    queryKey: [...queryKeys.bindings(connectionId), params.toString()] as const,
    queryFn: ({ signal }) =>
      fetchJson<BindingsView | null>(routes.api.bindings(connectionId, params), signal),
    refetchInterval: slowMs,
    placeholderData: keepPreviousData,
  });
}

/** Builds the query for drift: objects that differ from the state that the last applied plan left. */
export function driftQuery(connectionId: string) {
  return queryOptions({
    queryKey: queryKeys.drift(connectionId),
    queryFn: ({ signal }) => fetchJson<DriftView | null>(routes.api.drift(connectionId), signal),
    refetchInterval: slowMs,
  });
}

/** Builds the query for a function deployment, polled until it has ended. */
export function deploymentQuery(deploymentId: string) {
  return queryOptions({
    queryKey: queryKeys.deployment(deploymentId),
    queryFn: ({ signal }) => fetchJson<DeploymentView>(routes.api.deployment(deploymentId), signal),
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
    queryFn: ({ signal }) => fetchJson<TestInvocationsView>(routes.api.testInvocations(connectionId), signal),
    refetchInterval: (query) =>
      query.state.data?.newest.some(({ state }) => state === 'running') ? fastMs : slowMs,
  });
}

/** Builds the query for one page, from 0, of the functions that the filter of an address finds, in its order. */
export function functionsQuery(connectionId: string, asked: URLSearchParams, page: number) {
  const params = withPage(asked, page);
  return queryOptions({
    queryKey: [...queryKeys.functions(connectionId), 'list', params.toString()] as const,
    queryFn: ({ signal }) =>
      fetchJson<FunctionsView | null>(routes.api.functions(connectionId, params), signal),
    refetchInterval: (query) => (query.state.data?.counts.state === 'running' ? readingMs : partMs),
    placeholderData: keepPreviousData,
  });
}

const keyOf = (connectionId: string, { region, namespace, name }: FunctionId) =>
  [...queryKeys.functions(connectionId), region, namespace, name] as const;

/** Builds the query for a function's page; it polls fast while something of the function changes. */
export function functionQuery(connectionId: string, id: FunctionId) {
  return queryOptions({
    queryKey: [...keyOf(connectionId, id), 'page'] as const,
    queryFn: ({ signal }) => fetchJson<FunctionView | null>(routes.api.function(connectionId, id), signal),
    refetchInterval: (query) => (query.state.data?.history.some(isOpen) ? fastMs : slowMs),
  });
}

const isOpen = ({ state }: FunctionView['history'][number]) => state === 'running';

/** The polling interval while the worker reads a part; a change is pushed, too. */
const readingMs = 1000;
/** Logs and calls change all the time. */
const partMs = 30_000;

/**
 * Builds the query for a part of a function that the worker reads when it is asked for.
 * @param modifiedAt when the function last changed: another time is another query
 */
export function functionPartQuery<Part extends FunctionPart>(
  connectionId: string,
  id: FunctionId,
  part: Part,
  modifiedAt: string,
) {
  const isLive = part.part === 'logs' || part.part === 'calls';
  return queryOptions({
    queryKey: [...keyOf(connectionId, id), part, isLive ? '' : modifiedAt] as const,
    queryFn: ({ signal }) =>
      fetchJson<FunctionPartView<FunctionPartContents[Part['part']]>>(
        routes.api.functionPart(connectionId, id, part),
        signal,
      ),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      if (state === undefined || state === 'running') return readingMs;
      return isLive ? partMs : false;
    },
  });
}

const movingStates: readonly RunState[] = ['queued', 'applying', 'reverting', 'retrying'];

/** Builds the query for a run; it polls fast while the run moves. */
export function runQuery(runId: RunId) {
  return queryOptions({
    queryKey: queryKeys.run(runId),
    queryFn: ({ signal }) => fetchJson<RunPageView>(routes.api.run(runId), signal),
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
    queryFn: ({ signal }) => fetchJson<RunChartsView>(routes.api.runCharts(runId), signal),
    refetchInterval: slowMs,
  });
}

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

/** The hits stay while the next ones are on their way. */
export function searchQuery(query: string) {
  return queryOptions({
    queryKey: queryKeys.search(query),
    queryFn: ({ signal }) => fetchJson<SearchView>(routes.api.search(query), signal),
    enabled: query !== '',
    placeholderData: keepPreviousData,
  });
}

/** The health of all parts, also while the database is down. It has no push notifications. */
export function healthQuery() {
  return queryOptions({
    queryKey: queryKeys.health(),
    // 503: not ready for work, and the answer says why.
    queryFn: ({ signal }) => fetchJson<HealthView>(routes.api.health(), signal, [503]),
    refetchInterval: fastMs,
  });
}

/** Builds the query for the switchboard. Each round of probes is pushed. */
export function switchesQuery() {
  return queryOptions({
    queryKey: queryKeys.switches(),
    queryFn: ({ signal }) => fetchJson<SwitchboardView>(routes.api.switches(), signal),
    refetchInterval: slowMs,
  });
}

/** The sandbox pushes nothing, and its clock, faults and log change all the time. */
const sandboxMs = 5000;

/** Builds the query for the sandbox, polled while its page is open. */
export function sandboxQuery() {
  return queryOptions({
    queryKey: queryKeys.sandbox(),
    queryFn: ({ signal }) => fetchJson<SandboxView>(routes.api.sandbox(), signal),
    refetchInterval: sandboxMs,
  });
}

/** A cutover that has begun changes by the second on its own page; here only its state is needed. */
const scheduleMs = 5000;
const waitingStates: readonly RunState[] = ['scheduled', 'paused', 'held', 'done', 'reverted', 'closed'];

/** Builds the query for the schedule; it polls faster while something on it is under way. */
export function scheduleQuery() {
  return queryOptions({
    queryKey: queryKeys.schedule(),
    queryFn: ({ signal }) => fetchJson<ScheduleView>(routes.api.schedule(), signal),
    refetchInterval: (query) => {
      const cutovers = query.state.data?.cutovers ?? [];
      return cutovers.some(({ state }) => !waitingStates.includes(state)) ? scheduleMs : slowMs;
    },
  });
}

/** Builds the query for the check results of a scheduled plan. */
export function clockChecksQuery(planId: PlanId, { t0, t1, prewarmS }: Clock) {
  const clock = { t0, ...(t1 === null ? {} : { t1 }), prewarmS: String(prewarmS) };
  return queryOptions({
    queryKey: queryKeys.clockChecks(planId, { t0, t1, prewarmS }),
    queryFn: ({ signal }) => fetchJson<ClockChecksView>(routes.api.planChecks(planId, clock), signal),
    refetchInterval: slowMs,
  });
}

/** Builds the query for whether all changes are paused, polled on every page. */
export function emergencyStopQuery() {
  return queryOptions({
    queryKey: queryKeys.emergencyStop(),
    queryFn: ({ signal }) => fetchJson<EmergencyStopStatusView>(routes.api.emergencyStop(), signal),
    refetchInterval: slowMs,
  });
}

/** Builds the query for what waits for a person behind the navigation entries, polled on every page. */
export function railQuery() {
  return queryOptions({
    queryKey: queryKeys.rail(),
    queryFn: ({ signal }) => fetchJson<RailView>(routes.api.rail(), signal),
    refetchInterval: slowMs,
  });
}

/** Builds the query for the start page. Countdowns and progress run in the browser; what they count to is read here. */
export function overviewQuery() {
  return queryOptions({
    queryKey: queryKeys.overview(),
    queryFn: ({ signal }) => fetchJson<OverviewView>(routes.api.overview(), signal),
    // Changes pushed between the server's read and this page's arrival reached no listener.
    refetchOnMount: 'always',
    refetchInterval: slowMs,
  });
}
