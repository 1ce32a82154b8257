import type { OwnAlertsView } from '@/lib/contract/alert';
import type { RailView } from '@/lib/contract/overview';

/** Nothing needs a person. */
export const noAlerts: OwnAlertsView = {
  open: [],
  runs: { open: 0, acknowledged: 0 },
  switches: { open: 0, acknowledged: 0 },
};

/** Returns the counts of the navigation, by default 0. */
export function testRail(change: Partial<RailView> = {}): RailView {
  return {
    unapproved: 0,
    failoverEnabled: 0,
    drifted: {},
    problems: 0,
    alerts: noAlerts,
    worker: 'live',
    ...change,
  };
}
