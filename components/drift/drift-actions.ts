import type { AcceptDriftAction, RestoreDriftAction } from '@/lib/client/actions';

/** The actions available for drift. */
export type DriftActions = {
  readonly adoptDrift: AcceptDriftAction;
  readonly restoreDrift: RestoreDriftAction;
};
