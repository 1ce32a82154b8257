import { createTranslator } from 'next-intl';
import type { AlertEventKind } from '@/lib/alerts/alert';
import type { AlertReason } from '@/lib/contract/alert';
import type { GuardMeasure } from '@/lib/diversion/cutover';
import { unreachable } from '@/lib/invariant';
import run from '@/lib/messages/en/run.json';
import shell from '@/lib/messages/en/shell.json';
import { intl } from '@/lib/messages/intl';

const t = createTranslator({ ...intl, messages: { shell }, namespace: 'shell.alert.reason' });
const translateMeasure = createTranslator({ ...intl, messages: { run }, namespace: 'run.measure' });

/** Rounds to the number of decimal places that matter. */
const round = (value: number) => (value >= 10 ? Math.round(value) : Math.round(value * 100) / 100);
const formatMeasure = (of: GuardMeasure, value: number) =>
  translateMeasure(`value.${of}`, { value: round(value) });
type Breached = { readonly measure: GuardMeasure; readonly value: number; readonly limit: number };
const measureValues = ({ measure: of, value, limit }: Breached) => ({
  measure: translateMeasure(`name.${of}`),
  value: formatMeasure(of, value),
  limit: formatMeasure(of, limit),
});

/** Returns the event that a reason belongs to. */
export function getAlertEvent({ kind }: AlertReason): AlertEventKind {
  switch (kind) {
    case 'guardStopped':
    case 'guardRolledBack':
    case 'guardBreached':
      return 'guardBreach';
    case 'missedT0':
    case 'stoppedAfterT0':
      return 'missedT0';
    case 'failedOver':
      return 'failover';
    case 'breakGlass':
    case 'failoverStuck':
      return kind;
    default:
      return 'stopped';
  }
}

/** Returns the reason why a run or a Switch needs attention, in one line. */
export function describeReason(reason: AlertReason): string {
  switch (reason.kind) {
    case 'breakGlass':
      return t.markup('breakGlass', { actor: () => reason.actor, reason: reason.reason });
    case 'drift':
    case 'notEffective':
      return t(reason.kind, { object: reason.object });
    case 'cloudError':
      return t('cloudError', { action: reason.action, code: reason.code });
    case 'probeFailed':
      return t('probeFailed', { address: reason.address });
    case 'guardStopped':
    case 'guardRolledBack':
      return t(reason.kind, measureValues(reason));
    case 'guardBreached':
      return t('guardBreached', {
        ...measureValues(reason),
        state: reason.state.kind,
        count: reason.failed.length,
        failed: reason.failed.join(', '),
      });
    case 'stoppedAfterT0':
      return t('stoppedAfterT0', { late: `${Math.round(reason.lateMs / 1000)} s` });
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
