import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { RestoreProblem } from '@/lib/plan/plan-restore';
import type { WhoView } from './views';

/** The applied plan that expects a state, and the run that left the object in it. */
export type ExpectedBy = {
  readonly planId: string;
  readonly runId: string;
  /** What the plan's diversion is called. */
  readonly name: string;
  /** ISO instant. */
  readonly leftAt: string;
};

/** Somebody has taken what was found for right. */
export type AdoptionView = { readonly actor: string; readonly reason: string; readonly at: string };

/** An object that is not as it is expected to be. */
export type DriftedView = {
  readonly key: string;
  readonly object: ObjectRef;
  readonly expected: ObjectState;
  readonly found: ObjectState;
  /** The found state in short: what is adopted must still be that. */
  readonly mark: string;
  readonly by: ExpectedBy;
  /** The expected state is one that was adopted; null = it is the plan's. */
  readonly adopted: AdoptionView | null;
  /** The looks between which it changed last, as ISO instants; null = the history does not have it. */
  readonly since: { readonly after: string | null; readonly by: string } | null;
  readonly who: WhoView;
  /** Whether a plan can bring it back: not while a run is open on it, and not all that was done can be undone by calls. */
  readonly restore:
    | { readonly kind: 'plan' }
    | { readonly kind: 'open'; readonly runId: string }
    | { readonly kind: 'cannot'; readonly reason: RestoreProblem['reason'] };
};

/** An object of which nobody knows whether it has drifted. */
export type UnknownDriftView = {
  readonly key: string;
  readonly object: ObjectRef;
  readonly by: ExpectedBy;
  readonly why:
    | { readonly kind: 'unread'; readonly part: string }
    | { readonly kind: 'notLookedAt' }
    | { readonly kind: 'busy'; readonly runId: string };
};

/** An object that is as somebody has adopted it, not as the plan left it. */
export type AdoptedView = {
  readonly key: string;
  readonly object: ObjectRef;
  readonly by: ExpectedBy;
  /** As the plan left it, or as it was adopted before. */
  readonly expected: ObjectState;
  readonly found: ObjectState;
  readonly adopted: AdoptionView;
};

/** GET /api/connections/[id]/drift: null before the first sync. */
export type DriftView = {
  readonly takenAt: string;
  /** Objects that an applied plan has written to and that are not taken back. */
  readonly watched: number;
  readonly drifted: readonly DriftedView[];
  readonly unknown: readonly UnknownDriftView[];
  readonly adopted: readonly AdoptedView[];
};
