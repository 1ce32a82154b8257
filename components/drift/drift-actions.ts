import type { AdoptDriftAction, RestoreDriftAction } from '@/lib/client/actions';

/** The actions available for drift. */
export type DriftActions = {
  readonly adoptDrift: AdoptDriftAction;
  readonly restoreDrift: RestoreDriftAction;
};
