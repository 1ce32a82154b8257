import type { AcceptDriftAction, RestoreDriftAction } from '@/lib/contract/drift';

/** The actions available for drift. */
export type DriftActions = {
  readonly acceptDrift: AcceptDriftAction;
  readonly restoreDrift: RestoreDriftAction;
};
