import { queryOptions } from '@tanstack/react-query';
import type { Cutover } from '@/lib/diversion/cutover';
import { routes } from '@/lib/routes';
import type { RunState } from '@/lib/run/model';
import type { DriftView } from './drift-views';
import { fetchJson } from './fetch-json';
import type { DeploymentView, TrialsView } from './function-views';
import type { SwitchboardView } from './switch-views';
import type {
  BindingsView,
  ClockChecksView,
  EstateChangesView,
  EstateView,
  HealthView,
  LineView,
  PastEstateView,
  RailView,
  RunPageView,
  SandboxView,
  ScheduleView,
} from './views';

/* Changes are pushed (`follow-changes.ts`); what is asked for here is for pages that no push has reached. */

/** Something changes right now. */
const fastMs = 5000;
/** Nothing is known to happen: other people and other tabs may still change it. */
const slowMs = 15_000;

/** What of a cutover decides when its plan is under way. */
type Clock = Pick<Cutover, 't0' | 't1' | 'prewarmS'>;

export const queryKeys = {
  estate: (connectionId: string) => ['estate', connectionId] as const,
  /** Not below the estate: the progress of each sync would have the history read again. */
  pastEstate: (connectionId: string, at: string) => ['history', connectionId, 'at', at] as const,
  changes: (connectionId: string, span: ChangeSpan) => ['history', connectionId, span.from, span.to] as const,
  bindings: (connectionId: string) => ['bindings', connectionId] as const,
  trials: (connectionId: string) => ['trials', connectionId] as const,
  /** Of all connections: runs don't say of which they are. */
  drifts: () => ['drift'] as const,
  drift: (connectionId: string) => ['drift', connectionId] as const,
  deployment: (deploymentId: string) => ['deployment', deploymentId] as const,
  /** Below the schedule: what changes that, changes this. */
  clockChecks: (planId: string, clock: Clock) => ['schedule', 'checks', planId, clock] as const,
  run: (runId: string) => ['run', runId] as const,
  schedule: () => ['schedule'] as const,
  /** Below the schedule: what changes that, changes this. */
  line: () => ['schedule', 'line'] as const,
  switches: () => ['switches'] as const,
  rail: () => ['rail'] as const,
  sandbox: () => ['sandbox'] as const,
  health: () => ['health'] as const,
  live: () => ['live'] as const,
};

/**
 * The stored estate of a connection, fast while a sync runs or the first one is to come.
 * @param asked whether a sync was asked for that has not shown up yet.
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

/** The past stays as it is, but for when the next look came. */
const pastMs = 60_000;

/** What was live at an instant (ISO). */
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

/** What changed between two instants. */
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

/** The bindings of a connection. */
export function bindingsQuery(connectionId: string) {
  return queryOptions({
    queryKey: queryKeys.bindings(connectionId),
    queryFn: ({ signal }) => fetchJson<BindingsView | null>(routes.api.bindings(connectionId), signal),
    refetchInterval: slowMs,
  });
}

/** What is not as the last applied plan left it. */
export function driftQuery(connectionId: string) {
  return queryOptions({
    queryKey: queryKeys.drift(connectionId),
    queryFn: ({ signal }) => fetchJson<DriftView | null>(routes.api.drift(connectionId), signal),
    refetchInterval: slowMs,
  });
}

/** A function deployment, watched until it has ended. */
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

/** How the functions of a connection answered when they were tried, fast while one of them is. */
export function trialsQuery(connectionId: string) {
  return queryOptions({
    queryKey: queryKeys.trials(connectionId),
    queryFn: ({ signal }) => fetchJson<TrialsView>(routes.api.trials(connectionId), signal),
    refetchInterval: (query) =>
      query.state.data?.newest.some(({ state }) => state === 'running') ? fastMs : slowMs,
  });
}

const movingStates: readonly RunState[] = ['queued', 'applying', 'reverting', 'retrying'];

/** A run, fast while it moves. */
export function runQuery(runId: string) {
  return queryOptions({
    queryKey: queryKeys.run(runId),
    queryFn: ({ signal }) => fetchJson<RunPageView>(routes.api.run(runId), signal),
    // What was pushed between the server's reading and this page's arrival found nobody who listened.
    refetchOnMount: 'always',
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === undefined || movingStates.includes(state) ? fastMs : slowMs;
    },
  });
}

/** An upgrade is no hurry, and a tab that comes to the front asks anyway. */
const liveMs = 60_000;

/** Whether the dashboard is there, and which build: for pages that read nothing else while they are open. */
export function liveQuery() {
  return queryOptions({
    queryKey: queryKeys.live(),
    queryFn: ({ signal }) => fetchJson<unknown>(routes.api.live(), signal),
    refetchInterval: liveMs,
  });
}

/** The health of all parts, also while the database is away. What it is of, nothing pushes. */
export function healthQuery() {
  return queryOptions({
    queryKey: queryKeys.health(),
    // 503: not ready for work, and the answer says why.
    queryFn: ({ signal }) => fetchJson<HealthView>(routes.api.health(), signal, [503]),
    refetchInterval: fastMs,
  });
}

/** The switchboard. Each round of probes is pushed. */
export function switchesQuery() {
  return queryOptions({
    queryKey: queryKeys.switches(),
    queryFn: ({ signal }) => fetchJson<SwitchboardView>(routes.api.switches(), signal),
    refetchInterval: slowMs,
  });
}

/** The sandbox pushes nothing, and its clock, faults and log move all the time. */
const sandboxMs = 5000;

/** The sandbox, watched while its page is open. */
export function sandboxQuery() {
  return queryOptions({
    queryKey: queryKeys.sandbox(),
    queryFn: ({ signal }) => fetchJson<SandboxView>(routes.api.sandbox(), signal),
    refetchInterval: sandboxMs,
  });
}

/** A cutover that has begun changes by the second on its own page; here its state is enough. */
const scheduleMs = 5000;
const waitingStates: readonly RunState[] = ['scheduled', 'paused', 'held', 'done', 'reverted', 'closed'];

/** What is on the clock, faster while something of it goes on. */
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

/** What the checks say of a plan on a clock. */
export function clockChecksQuery(planId: string, { t0, t1, prewarmS }: Clock) {
  const clock = { t0, ...(t1 === null ? {} : { t1 }), prewarmS: String(prewarmS) };
  return queryOptions({
    queryKey: queryKeys.clockChecks(planId, { t0, t1, prewarmS }),
    queryFn: ({ signal }) => fetchJson<ClockChecksView>(routes.api.planChecks(planId, clock), signal),
    refetchInterval: slowMs,
  });
}

/** Whether the line is stopped: asked on every page. */
export function lineQuery() {
  return queryOptions({
    queryKey: queryKeys.line(),
    queryFn: ({ signal }) => fetchJson<LineView>(routes.api.line(), signal),
    refetchInterval: slowMs,
  });
}

/** What waits for a person behind the entries of the navigation: asked on every page. */
export function railQuery() {
  return queryOptions({
    queryKey: queryKeys.rail(),
    queryFn: ({ signal }) => fetchJson<RailView>(routes.api.rail(), signal),
    refetchInterval: slowMs,
  });
}
