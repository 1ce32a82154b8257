'use client';

import { useTranslations } from 'next-intl';
import { signed } from '@/components/ui/base/signed';
import { Status } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import type { StopLogEntry } from '@/lib/contract/schedule';
import { useEmergencyStop } from './emergency-stop-provider';

/** The pause state of all changes and the log of earlier pauses; the bar of every page has the button. */
export function EmergencyStopCard() {
  const t = useTranslations('schedule.stopCard');
  const emergencyStop = useEmergencyStop();
  if (emergencyStop === null) return null;
  const isStopped = emergencyStop.stop !== null;
  const isUnknown = !isStopped && !emergencyStop.isKnown;
  return (
    <Panel
      title={t('title')}
      aside={
        <Status tone={isStopped || isUnknown ? 'warn' : 'ok'}>
          {t(isStopped ? 'stopped' : isUnknown ? 'unknown' : 'runs')}
        </Status>
      }
    >
      <p className="text-12 text-ink-2">{t(isStopped ? 'aboutStopped' : 'about')}</p>
      <StopLog log={emergencyStop.log} />
    </Panel>
  );
}

/** The actors that paused all changes and resumed them, newest first. */
function StopLog({ log }: { readonly log: readonly StopLogEntry[] }) {
  const t = useTranslations('schedule.stopCard');
  if (log.length === 0) return null;
  return (
    <details className="mt-2 text-12">
      <summary>{t('log')}</summary>
      <ul className="mt-1 grid gap-1 text-ink-2">
        {log.map(({ id, action, actor, reason, at }) => (
          <li key={id}>{t.rich('entry', { action, reason, ...signed(actor, at) })}</li>
        ))}
      </ul>
    </details>
  );
}
