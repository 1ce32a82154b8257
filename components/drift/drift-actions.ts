import type { AcceptDriftAction, RestoreDriftAction } from '@/lib/client/actions';

/** The actions available for drift. */
export type DriftActions = {
  readonly acceptDrift: AcceptDriftAction;
  readonly restoreDrift: RestoreDriftAction;
};
