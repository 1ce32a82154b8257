import type { z } from 'zod';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Diversion, DiversionId } from '@/lib/diversion/diversion';
import type { DiversionDraft } from '@/lib/diversion/draft';
import type {
  ExistingOccurrence,
  OccurrenceProblem,
  RecurrenceChange,
  RecurrenceRule,
  StoredRecurrence,
} from '@/lib/diversion/recurrence';
import type { PlanId, Step } from '@/lib/plan/model/model';
import type { Footprint } from '@/lib/policy/covers';
import type {
  Attention,
  DiversionState,
  RevisionFacts,
  RevisionState,
} from '@/lib/run/model/diversion-state';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { RunReport } from '@/lib/run/model/run-report';
import type { BreachState, WatchedBreach, WatchSummary } from '@/lib/run/model/run-watch';
import type { Answer } from './answer';
import type { ConnectionView } from './connection';

/** One plan of a diversion, with its run. Times are ISO instants. */
export type RevisionView = RevisionFacts & {
  readonly planId: PlanId;
  readonly number: number;
  readonly state: RevisionState;
  readonly createdAt: string;
  readonly createdBy: string;
  /** Findings that block it. */
  readonly blocks: number;
  readonly writes: number;
  /** True if it has an acknowledged outage. */
  readonly hasOutage: boolean;
  /** True if it restores drifted objects, and nothing else of the diversion. */
  readonly isRestore: boolean;
  /** null = it has no run. One whose schedule was canceled has its run, and no run state. */
  readonly runId: RunId | null;
  /** True if its run has begun: its schedule can no longer be changed. */
  readonly isBegun: boolean;
  /** null = it was applied at once, or not at all. */
  readonly cutover: Cutover | null;
};

/** The part of a diversion in a series of occurrences. Times are ISO instants. */
export type SeriesView =
  /** Its plan is the template of occurrences. */
  | ({ readonly kind: 'template'; readonly isStopped: boolean } & StoredRecurrence)
  | {
      readonly kind: 'occurrence';
      /** The template. */
      readonly of: DiversionId;
      readonly date: string;
      readonly t0: string;
      /** UTC if the rule of the series is damaged. */
      readonly zone: string;
      /** The reasons why it could not be scheduled; empty = it was, or is still to be done. */
      readonly problems: readonly OccurrenceProblem[];
    };

/** An occurrence in the list of its series. */
export type OccurrenceView = ExistingOccurrence & {
  readonly diversionId: DiversionId;
  readonly state: DiversionState;
  readonly runId: RunId | null;
};

/**
 * A diversion of a series that is in progress or in effect. `left`: the objects on which the changes of its ended run
 * are in effect; empty = the run has not ended.
 */
export type ActingView = { readonly diversionId: DiversionId; readonly left: readonly string[] };

/** The rule by which a diversion repeats, with what was created by it. */
export type RecurrenceView = StoredRecurrence & {
  readonly setBy: string;
  readonly setAt: string;
  readonly stopped: { readonly by: string; readonly at: string } | null;
  /** The newest ones, the latest T0 first; those that another rule replaced are left out. */
  readonly occurrences: readonly OccurrenceView[];
  /** The diversion that is in effect or under way: none is created before its changes are undone. */
  readonly waitsFor: ActingView | null;
};

/** A diversion with its state. */
export type DiversionFacts = {
  readonly id: DiversionId;
  readonly kind: Diversion['kind'];
  readonly name: string;
  readonly domains: readonly string[];
  readonly owner: string;
  readonly state: DiversionState;
  readonly attention: readonly Attention[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** The revision that its state is that of; null = it has no plan. */
  readonly current: RevisionView | null;
  /** null = it has no plan. */
  readonly newest: RevisionView | null;
  readonly discarded: { readonly at: string; readonly by: string } | null;
  /** null = it does not repeat. */
  readonly series: SeriesView | null;
};

/** A row of the list of diversions. */
export type DiversionSummary = DiversionFacts & {
  readonly connectionId: string;
  readonly connectionName: string;
};

/** A diversion for its own page and for those of its plans and runs. */
export type DiversionView = DiversionFacts & {
  readonly connection: ConnectionView;
  /** Everything that its draft and its plans have ever named. */
  readonly footprint: Footprint;
  /** Its accounts that are not connected, as `name (id)`: none of its plans can run without them. */
  readonly disconnected: readonly string[];
  /** The names whose traffic its newest plan moves, in the order of its routes; empty = it has no plan. */
  readonly movedNames: readonly string[];
  /** Newest first. */
  readonly revisions: readonly RevisionView[];
  /** null = it is no template. */
  readonly recurrence: RecurrenceView | null;
};

/** The content with which the editor opens. */
export type DiversionDraftView = {
  readonly id: DiversionId;
  readonly state: DiversionState;
  readonly connectionId: string;
  /** Everything that its draft and its plans have ever named. */
  readonly footprint: Footprint;
  /** The number that its next plan gets. */
  readonly nextRevision: number;
  /** Another text after each saved draft and each revision. Whoever sends it back overwrites no change of others. */
  readonly contentVersion: string;
  /** Of a diversion with a plan: that of its newest plan. */
  readonly intent:
    | { readonly kind: 'draft'; readonly draft: DiversionDraft }
    | { readonly kind: 'planned'; readonly diversion: Diversion };
};

/** One event in the life of a diversion. */
export type ActivityEntry = {
  readonly at: string;
  /** null = Spillway itself. */
  readonly actor: string | null;
} & (
  | { readonly kind: 'created' | 'discarded' }
  | {
      readonly kind: 'recurrence';
      readonly change: RecurrenceChange;
      /** null = it is damaged. */
      readonly rule: RecurrenceRule | null;
      readonly reason: string;
    }
  | { readonly kind: 'planned'; readonly planId: PlanId; readonly revision: number; readonly blocks: number }
  | {
      readonly kind: 'approved' | 'approvalWithdrawn';
      readonly planId: PlanId;
      readonly name: string;
      readonly comment: string;
    }
  /** A person's text about a plan: why it runs without approvals, why they decline it, a request, a comment. */
  | {
      readonly kind: 'breakGlass' | 'declined' | 'approvalRequested' | 'commented';
      readonly planId: PlanId;
      readonly text: string;
    }
  | {
      readonly kind: 'requested';
      readonly runId: RunId;
      readonly attempt: number;
      readonly direction: 'apply' | 'rollback';
      readonly reason: string;
    }
  /** An alert of a run, or of the failover that started it. */
  | {
      readonly kind: 'acknowledged';
      readonly runId: RunId;
      readonly alert: 'stopped' | 'missed' | 'rollback' | 'failover' | 'breach' | 'breakGlass';
      readonly reason: string;
    }
  /** An alert of a Switch whose failover could not move traffic. */
  | { readonly kind: 'acknowledgedStuck'; readonly reason: string }
  /** A guard was breached after the end of a run. */
  | ({ readonly kind: 'breach'; readonly runId: RunId } & Pick<WatchedBreach, 'breach' | 'failed'>)
  | {
      readonly kind: 'run';
      readonly runId: RunId;
      readonly event: RunEvent;
      /** The step that the event is of. */
      readonly step: Step | null;
    }
);

/** GET /api/diversions/[id]/activity: oldest first, without the rounds of measures, which the run's charts show. */
export type ActivityView = { readonly diversionId: DiversionId; readonly entries: readonly ActivityEntry[] };

/** The rounds of probes of a run beside its steps. */
export type RunWatchView = Omit<WatchSummary, 'breaches'> & {
  readonly since: string;
  readonly until: string;
  readonly breaches: readonly (WatchedBreach & { readonly state: BreachState })[];
};

/** The content of a diversion's post-mortem. */
export type PostMortemView = {
  readonly diversion: DiversionView;
  readonly activity: ActivityView;
  /** Of its newest runs, oldest first. */
  readonly reports: readonly RunReport[];
  /** Of the same runs, by their ids: what was probed beside their steps, from the first round to the last. */
  readonly watches: Readonly<Record<string, RunWatchView>>;
  /** The number of runs before those. */
  readonly olderRuns: number;
};

/**
 * Stores what the editor has; `diversionId` null = as a new diversion. With the `contentVersion` of the diversion when
 * the editor opened, a later change by others is not overwritten.
 */
export type SaveDraftAction = (input: {
  connectionId: string;
  diversionId: DiversionId | null;
  contentVersion?: string | null;
  draft: z.input<typeof DiversionDraft>;
}) => Answer<{ diversionId: DiversionId }>;

/** Makes a new diversion, a draft, from another one. */
export type DuplicateDiversionAction = (input: {
  diversionId: DiversionId;
}) => Answer<{ diversionId: DiversionId }>;

/** Makes the next revision with the fix of a finding, named by its place in the plan's list. */
export type FixPlanAction = (input: { planId: PlanId; finding: number }) => Answer<{ planId: PlanId }>;

/** Takes back that a diversion was discarded. */
export type RestoreDiversionAction = (input: { diversionId: DiversionId }) => Answer<null>;

export type DiscardDiversionAction = (input: { diversionId: DiversionId }) => Answer<null>;
