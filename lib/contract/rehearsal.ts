import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { PlanId } from '@/lib/plan/model/model';
import type { RehearsalSettings } from '@/lib/rehearsal/input';
import type { DrillReport } from '@/lib/rehearsal/report/drill-report';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import type { Answer } from './answer';

export type RehearsalState = 'queued' | 'running' | 'done' | 'failed' | 'canceled';

/** A rehearsal in a list. Instants are ISO 8601. */
export type RehearsalRow = {
  readonly id: string;
  readonly planId: PlanId;
  readonly state: RehearsalState;
  /** From 0 to 1. */
  readonly progress: number;
  /** null until it is done. */
  readonly verdict: RehearsalReport['verdict'] | null;
  readonly seed: number;
  /** More than 1 = a fire drill, with the seeds from `seed` on. */
  readonly events: number;
  /** The events of a fire drill that have met all goals; null until it is done, and for one event. */
  readonly endedWell: number | null;
  /** Faults that each event meets. */
  readonly faults: number;
  readonly actor: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
};

/** A rehearsal with everything that its page shows. */
export type RehearsalView = RehearsalRow & {
  readonly name: string;
  readonly diversionId: DiversionId;
  readonly connectionId: string;
  readonly hash: string;
  readonly settings: RehearsalSettings;
  /** null = at once. */
  readonly cutover: Cutover | null;
  /** null until it is done; for a fire drill, of its worst event. */
  readonly report: RehearsalReport | null;
  /** null until it is done, and for one event. */
  readonly drill: DrillReport | null;
  /** Set if it failed: displayable. */
  readonly error: string | null;
  /** Other rehearsals of the plan that are done, to compare with, newest first. */
  readonly others: readonly RehearsalRow[];
};

export type StartRehearsalAction = (input: {
  readonly planId: PlanId;
  readonly hash: string;
  readonly cutover?: Cutover | null;
  readonly load?: {
    readonly peakRps?: number | null;
    readonly callMs?: number | null;
    readonly serverRps?: number | null;
  };
  readonly scenario?: CapacityScenario | null;
  readonly settings?: object;
}) => Answer<{ readonly rehearsalId: string }>;

export type CancelRehearsalAction = (input: { readonly rehearsalId: string }) => Answer<null>;
