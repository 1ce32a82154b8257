'use client';

import { OctagonPause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { useLine } from './line-provider';
import { StopDialog } from './stop-dialog';

/** Whether the line runs, and the one lever that stops everything. */
export function LineCard() {
  const t = useTranslations('schedule.line');
  const line = useLine();
  const [isAsking, setIsAsking] = useState(false);
  const [paused, setPaused] = useState<number | null>(null);
  if (line === null) return null;
  const isStopped = line.stop !== null;
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
      {isAsking ? (
        <StopDialog
          stopLine={line.stopLine}
          onClose={() => setIsAsking(false)}
          onStopped={(count) => {
            setPaused(count);
            setIsAsking(false);
            return line.reread();
          }}
        />
      ) : null}
    </Panel>
  );
}
