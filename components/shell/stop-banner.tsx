'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Banner } from '@/components/ui/banner';
import { onDemand } from '@/components/ui/base/on-demand';
import { Button } from '@/components/ui/button';
import { DialogPart } from '@/components/ui/dialog';
import { Time } from '@/components/ui/time';
import type { EmergencyStopView } from '@/lib/client/views';
import { useEmergencyStop } from './emergency-stop-provider';

const dialogs = onDemand(() => import('./frame-dialogs'));

/** The banner on every page while all changes are paused: actor, reason, time, and how to resume them. */
export function StopBanner() {
  const emergencyStop = useEmergencyStop();
  return emergencyStop?.stop ? <Stopped stop={emergencyStop.stop} /> : null;
}

function Stopped({ stop }: { readonly stop: EmergencyStopView }) {
  const t = useTranslations('schedule.emergencyStop');
  const emergencyStop = useEmergencyStop();
  const paused = emergencyStop?.paused ?? null;
  const [isAsking, setIsAsking] = useState(false);
  return (
    <section aria-label={t('stopped')} className="grid gap-2 px-3 pt-3 md:px-5">
      <Banner
        tone="warn"
        title={t('stoppedBy', { actor: stop.actor })}
        actions={
          <Button size="sm" className="max-md:min-h-11" onClick={() => setIsAsking(true)}>
            {t('release')}
          </Button>
        }
      >
        {t.rich('stoppedWhy', { reason: stop.reason, time: () => <Time at={stop.at} /> })}{' '}
        {paused === null ? null : t('paused', { count: paused })}
      </Banner>
      {isAsking && emergencyStop !== null ? (
        <DialogPart part={dialogs} open onClose={() => setIsAsking(false)}>
          {({ ResumeDialog }) => (
            <ResumeDialog
              resumeChanges={emergencyStop.resumeChanges}
              onClose={() => setIsAsking(false)}
              onResumed={() => {
                setIsAsking(false);
                return emergencyStop.reread();
              }}
            />
          )}
        </DialogPart>
      ) : null}
    </section>
  );
}
