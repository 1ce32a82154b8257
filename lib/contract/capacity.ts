import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { HistoryPlace, SpanProblem, TrafficHistory } from '@/lib/estate/history/traffic-history';
import type { PlanId } from '@/lib/plan/model/model';

/** The event of a plan as a scenario of the capacity model, with what it was derived from. */
export type PlanScenarioView = {
  readonly planId: PlanId;
  readonly diversionId: DiversionId;
  readonly name: string;
  readonly connectionId: string;
  /** The time of the snapshot (ISO); null = the account has not been synced yet. */
  readonly takenAt: string | null;
  /** The times: of its run, as a schedule would propose them, or at once. */
  readonly times: 'run' | 'proposed' | 'atOnce';
  /** null = there is no snapshot, or no traffic moves to a function that it has. */
  readonly scenario: CapacityScenario | null;
  /** The inputs that neither the plan nor the account gives. */
  readonly assumed: readonly AssumedInput[];
};

/** The peak, which a diversion may state; the duration of a call, from a test invocation; the rate of a server. */
export type AssumedInput = 'peak' | 'duration' | 'serverRate';

/** A place whose past requests can be read, with the name of its load balancer and its listener (`HTTP:80`). */
export type HistoryPlaceView = {
  readonly place: HistoryPlace;
  readonly name: string;
  /** null = the whole load balancer. */
  readonly listener: string | null;
};

export type HistoryPlacesView = {
  readonly places: readonly HistoryPlaceView[];
  /** Of those that match, also those that are not listed. */
  readonly total: number;
};

/** Past requests, as a worker last read them. `busy`: too many reads of the account are under way. */
export type TrafficHistoryView =
  | { readonly state: 'refused'; readonly problem: SpanProblem | 'busy' }
  | {
      readonly state: 'running' | 'done' | 'failed';
      /** null = nothing was read yet. */
      readonly content: TrafficHistory | null;
      readonly readAt: string | null;
      readonly error: CloudErrorData | null;
    };
