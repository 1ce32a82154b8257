import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { FunctionPart, FunctionPartContent } from '@/lib/estate/functions/function-reading';
import type { HistoryPlace } from '@/lib/estate/history/traffic-history';
import type { TopologyMap } from '@/lib/estate/topology/map-model';
import type { NodeDetail } from '@/lib/estate/topology/node-detail';
import type { AlertChannelsView } from './alert';
import type { HistoryPlacesView, TrafficHistoryView } from './capacity';
import type { ConnectionSettingsList } from './connection';
import type { DriftView } from './drift';
import type {
  BindingsView,
  EstateChangesView,
  EstateSummaryView,
  EstateView,
  PastEstateView,
  RoutesView,
} from './estate';
import type {
  DeploymentView,
  FunctionPartView,
  FunctionsView,
  FunctionView,
  TestInvocationsView,
} from './function';
import type { OverviewView, RailView } from './overview';
import type { ClockChecksView } from './plan';
import type { RehearsalRow, RehearsalView } from './rehearsal';
import type { RunPageView } from './run';
import type { RunChartsView } from './run-charts';
import type { RunConvergenceView, VantagePointView } from './run-convergence';
import type { RunForecastView } from './run-forecast';
import type { SafetyRulesView } from './safety';
import type { SandboxView } from './sandbox';
import type { EmergencyStopStatusView, ScheduleView } from './schedule';
import type { SearchView } from './search';
import type { SwitchboardView } from './switch';

type Read<Input, Answer> = { readonly input: Input; readonly answer: Answer };

/** A list or a map of a connection; `query` is that of the page's address. */
type AddressInput = { readonly connectionId: string; readonly query: string };

/** A schedule of a plan: instants (ISO), and the lead of prewarm in seconds. */
type ClockInput = {
  readonly planId: string;
  readonly t0: string;
  readonly t1?: string | undefined;
  readonly prewarmS: number;
};

/**
 * The input and the answer of each query that open pages read, by its name: of `read` in `lib/client/fetch-json.ts`, and
 * of `app/api/read/[name]/route.ts`, which serves it. An id alone is the input of most.
 */
export type Reads = {
  'alertChannel.list': Read<void, AlertChannelsView>;
  'binding.list': Read<AddressInput, BindingsView | null>;
  'capacity.listPlaces': Read<
    { readonly connectionId: string; readonly search: string },
    HistoryPlacesView | null
  >;
  'capacity.readHistory': Read<
    {
      readonly connectionId: string;
      readonly place: HistoryPlace;
      readonly from: string;
      readonly to: string;
    },
    TrafficHistoryView | null
  >;
  'connection.listSettings': Read<void, ConnectionSettingsList>;
  'deployment.get': Read<string, DeploymentView | null>;
  'drift.get': Read<string, DriftView | null>;
  'emergencyStop.get': Read<void, EmergencyStopStatusView>;
  'estate.get': Read<string, EstateView>;
  'estate.getMap': Read<AddressInput, TopologyMap | null>;
  'estate.getNode': Read<AddressInput, NodeDetail | null>;
  'estate.getPast': Read<{ readonly connectionId: string; readonly at: string }, PastEstateView | null>;
  'estate.getSummary': Read<string, EstateSummaryView>;
  'estate.listChanges': Read<
    {
      readonly connectionId: string;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
    },
    EstateChangesView | null
  >;
  'estate.listRoutes': Read<AddressInput, RoutesView | null>;
  'function.get': Read<FunctionId & { readonly connectionId: string }, FunctionView | null>;
  'function.list': Read<AddressInput, FunctionsView | null>;
  'function.listTestInvocations': Read<string, TestInvocationsView>;
  'function.read': Read<
    FunctionId & { readonly connectionId: string; readonly part: FunctionPart },
    FunctionPartView<FunctionPartContent> | null
  >;
  'navigation.count': Read<void, RailView>;
  'object.search': Read<{ readonly query: string }, SearchView>;
  'overview.get': Read<void, OverviewView>;
  'plan.check': Read<ClockInput, ClockChecksView>;
  'rehearsal.get': Read<string, RehearsalView | null>;
  'rehearsal.list': Read<string, readonly RehearsalRow[]>;
  'run.get': Read<string, RunPageView | null>;
  'run.getCharts': Read<string, RunChartsView | null>;
  'run.getConvergence': Read<string, RunConvergenceView | null>;
  'run.getForecast': Read<string, RunForecastView | null>;
  'safetyRule.list': Read<void, SafetyRulesView>;
  'sandbox.get': Read<void, SandboxView>;
  'schedule.get': Read<void, ScheduleView>;
  'switch.list': Read<void, SwitchboardView>;
  'vantagePoint.list': Read<void, readonly VantagePointView[]>;
};
export type ReadName = keyof Reads;

/** Returns the address of a query with its input. */
export function readPath<Name extends ReadName>(name: Name, input: Reads[Name]['input']): string {
  const params = input === undefined ? '' : `?${new URLSearchParams({ input: JSON.stringify(input) })}`;
  return `/api/read/${name}${params}`;
}
