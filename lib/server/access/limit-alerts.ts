import type { AlertsView, AlertView } from '@/lib/client/alert-views';
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
