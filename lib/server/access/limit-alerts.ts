import type { AlertsView, AlertView, OwnAlertsView, OwnAlertView } from '@/lib/contract/alert';
import type { Database } from '@/lib/db/database';
import { mayUseEverywhere, mayUseOn } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import { readFootprint } from '@/lib/store/read-footprint';
import type { Sight } from './read-sight';

/** Returns whether someone may see an alert. */
const isSeen = (sight: Sight, { subject }: AlertView) =>
  subject.kind === 'run' ? sight.runs.has(subject.id) : sight.switches.has(subject.id);

/** Returns the open alerts that someone may see. How many others have acknowledged is left out, because it includes alerts that they may not see. */
export function limitAlerts(alerts: AlertsView, sight: Sight | null): AlertsView {
  if (sight === null) return alerts;
  const open = alerts.open.filter((alert) => isSeen(sight, alert));
  const count = (kind: AlertView['subject']['kind']) => ({
    open: open.filter(({ subject }) => subject.kind === kind).length,
    acknowledged: 0,
  });
  return { open, runs: count('run'), switches: count('switch') };
}

/** Adds to alerts whether someone may acknowledge them. Roles with limits are compared with what their subjects touch. */
export async function markOwnAlerts(
  db: Database,
  { access }: Pick<Actor, 'access'>,
  alerts: AlertsView,
): Promise<OwnAlertsView> {
  const isEverywhere = mayUseEverywhere(access, 'alert.acknowledge');
  const mark = async (alert: AlertView): Promise<OwnAlertView> => {
    const { id } = alert.subject;
    const footprint = isEverywhere ? null : await readFootprint(db, { run: id, switch: id });
    const isCovered = footprint !== null && mayUseOn(access, 'alert.acknowledge', footprint);
    return { ...alert, mayAcknowledge: isEverywhere || isCovered };
  };
  return { ...alerts, open: await Promise.all(alerts.open.map(mark)) };
}
