'use client';

import { OctagonPause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { StopLogEntry } from '@/lib/client/views';
import { useEmergencyStop } from './emergency-stop-provider';
import { StopDialog } from './stop-dialog';

/** The pause state of all changes, the button that pauses them, and the log of earlier pauses. */
export function EmergencyStopCard() {
  const t = useTranslations('schedule.emergencyStop');
  const emergencyStop = useEmergencyStop();
  const [isAsking, setIsAsking] = useState(false);
  const [paused, setPaused] = useState<number | null>(null);
  if (emergencyStop === null) return null;
  const isStopped = emergencyStop.stop !== null;
  return (
    <Panel
      title={t('title')}
      aside={<Status tone={isStopped ? 'warn' : 'ok'}>{t(isStopped ? 'stopped' : 'runs')}</Status>}
    >
      <div className="grid justify-items-start gap-2">
        <p className="text-12 text-ink-2">{t(isStopped ? 'aboutStopped' : 'about')}</p>
        {isStopped && paused !== null ? <p className="text-12">{t('paused', { count: paused })}</p> : null}
        {isStopped ? null : (
          <span className="max-md:hidden">
            <Button variant="danger" icon={<OctagonPause aria-hidden />} onClick={() => setIsAsking(true)}>
              {t('stop')}
            </Button>
          </span>
        )}
      </div>
      <StopLog log={emergencyStop.log} />
      {isAsking ? (
        <StopDialog
          pauseChanges={emergencyStop.pauseChanges}
          onClose={() => setIsAsking(false)}
          onStopped={(count) => {
            setPaused(count);
            setIsAsking(false);
            return emergencyStop.reread();
          }}
        />
      ) : null}
    </Panel>
  );
}

/** The actors that paused all changes and resumed them, newest first. */
function StopLog({ log }: { readonly log: readonly StopLogEntry[] }) {
  const t = useTranslations('schedule.emergencyStop');
  if (log.length === 0) return null;
  return (
    <details className="mt-2 text-12">
      <summary>{t('log')}</summary>
      <ul className="mt-1 grid gap-1 text-ink-2">
        {log.map(({ id, action, actor, reason, at }) => (
          <li key={id}>{t.rich('entry', { action, actor, reason, time: () => <Time at={at} /> })}</li>
        ))}
      </ul>
    </details>
  );
}
