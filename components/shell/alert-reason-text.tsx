import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Person } from '@/components/ui/base/person';
import { formatDuration } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import type { AlertReason, AlertSubject } from '@/lib/contract/alert';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import type { BreachState } from '@/lib/run/model/run-watch';
import { useMeasure } from './use-measure';

/** The reason why a run or a Switch needs attention, in one line. */
export function AlertReasonText({ reason }: { readonly reason: AlertReason }): ReactNode {
  const t = useTranslations('shell.alert.reason');
  const measures = useMeasure();
  const format = useFormatter();
  switch (reason.kind) {
    case 'breakGlass':
      return t.rich('breakGlass', { actor: () => <Person address={reason.actor} />, reason: reason.reason });
    case 'drift':
    case 'notEffective':
      return t(reason.kind, { object: reason.object });
    case 'cloudError':
      return t('cloudError', { action: reason.action, code: reason.code });
    case 'probeFailed':
      return t('probeFailed', { address: reason.address });
    case 'guardStopped':
    case 'guardRolledBack':
      return t(reason.kind, {
        measure: measures.name(reason.measure),
        value: measures.format(reason.measure, reason.value),
        limit: measures.format(reason.measure, reason.limit),
      });
    case 'guardBreached':
      return (
        <>
          {t('guardBreached', {
            state: reason.state.kind,
            measure: measures.name(reason.measure),
            value: measures.format(reason.measure, reason.value),
            limit: measures.format(reason.measure, reason.limit),
            count: reason.failed.length,
            failed: format.list(reason.failed),
          })}{' '}
          <BreachEnd state={reason.state} />
        </>
      );
    case 'stoppedAfterT0':
      return t('stoppedAfterT0', { late: formatDuration(reason.lateMs) });
    case 'failedOver':
      return t(`failedOver.${reason.progress}`, { toward: reason.toward ?? 'unknown' });
    case 'failoverStuck':
      return t(`failoverStuck.${reason.why}`, { serving: reason.serving ?? 'unknown' });
    case 'internal':
    case 'invalid':
    case 'missedT0':
      return t(reason.kind);
    default:
      return unreachable(reason);
  }
}

/** The time at which a breach ended, or was last measured; nothing while it is open. */
export function BreachEnd({ state }: { readonly state: BreachState }) {
  const t = useTranslations('shell.breach');
  if (state.kind === 'open') return null;
  return t.rich(state.kind, { time: () => <Time at={state.at} /> });
}

/** Returns the page where an alert is resolved. */
export const subjectHref = ({ kind, id }: AlertSubject) =>
  kind === 'run' ? routes.run(id) : routes.switches();
