import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { PlanId } from '@/lib/plan/model/model';
import type { RestoreProblem } from '@/lib/plan/plan-restore';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './answer';
import type { WhoView } from './estate';

/** The applied plan that expects a state, and the run that left the object in it. */
export type ExpectedBy = {
  readonly planId: PlanId;
  readonly runId: RunId;
  /** The name of the plan's diversion. */
  readonly name: string;
  /** ISO instant. */
  readonly leftAt: string;
};

/** The acceptance of a drift. */
export type AcceptanceView = { readonly actor: string; readonly reason: string; readonly at: string };

/** An object whose state differs from the expected one. */
export type DriftedView = {
  readonly key: string;
  readonly object: ObjectRef;
  readonly expected: ObjectState;
  readonly found: ObjectState;
  /** A fingerprint of the found state: accepting the drift requires that it still matches. */
  readonly mark: string;
  readonly by: ExpectedBy;
  /** The acceptance that set the expected state; null = the state is the plan's. */
  readonly accepted: AcceptanceView | null;
  /** The two syncs between which it last changed, as ISO instants; null = the history does not include the change. */
  readonly since: { readonly after: string | null; readonly by: string } | null;
  readonly who: WhoView;
  /** The way to restore it: by a plan, unless a run is open on it or calls cannot undo everything that was done. */
  readonly restore:
    | { readonly kind: 'plan' }
    | { readonly kind: 'open'; readonly runId: RunId }
    | { readonly kind: 'cannot'; readonly reason: RestoreProblem['reason'] };
};

/** An object whose drift is unknown. */
export type UnknownDriftView = {
  readonly key: string;
  readonly object: ObjectRef;
  readonly by: ExpectedBy;
  readonly why:
    | { readonly kind: 'unread'; readonly part: string }
    | { readonly kind: 'notSynced' }
    | { readonly kind: 'busy'; readonly runId: RunId };
};

/** An object whose drift was accepted: its state is not the one that the plan left. */
export type AcceptedDriftView = {
  readonly key: string;
  readonly object: ObjectRef;
  readonly by: ExpectedBy;
  /** The state that the plan left, or that was accepted before. */
  readonly expected: ObjectState;
  readonly found: ObjectState;
  readonly accepted: AcceptanceView;
};

/** `drift.get`: null before the first sync. */
export type DriftView = {
  readonly takenAt: string;
  /** Objects that an applied plan has written to and that are not rolled back. */
  readonly watched: number;
  readonly drifted: readonly DriftedView[];
  readonly unknown: readonly UnknownDriftView[];
  readonly accepted: readonly AcceptedDriftView[];
};

/**
 * Accepts drift: the found state of these objects becomes the baseline. `mark` is that of the state that was reviewed.
 */
export type AcceptDriftAction = (input: {
  connectionId: string;
  objects: readonly { readonly key: string; readonly mark: string }[];
  reason: string;
}) => Answer<null>;

/** Plans the changes that restore drifted objects of one applied plan, for review. */
export type RestoreDriftAction = (input: {
  connectionId: string;
  keys: readonly string[];
}) => Answer<{ planId: PlanId }>;

/** The actions available for drift. */
export type DriftActions = {
  readonly acceptDrift: AcceptDriftAction;
  readonly restoreDrift: RestoreDriftAction;
};
