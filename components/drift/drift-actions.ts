import type { AdoptDriftAction, RestoreDriftAction } from '@/lib/client/actions';

/** What can be done about drift. */
export type DriftActions = {
  readonly adoptDrift: AdoptDriftAction;
  readonly restoreDrift: RestoreDriftAction;
};
