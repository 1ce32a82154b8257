'use client';

import { OctagonPause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useMay } from '@/lib/client/session/rights';
import { useEmergencyStop } from './emergency-stop-provider';
import { ResumeDialog, StopDialog } from './frame-dialogs';
import { type PageAction, usePageActions } from './palette/page-actions';

/**
 * The emergency stop in the bar of every page, at every width: one press opens the dialog, the second pauses all
 * changes. While they are paused, the same button resumes them, so that the focus stays on it.
 */
export function StopButton() {
  const t = useTranslations('shell.stop');
  const emergencyStop = useEmergencyStop();
  const palette = useTranslations('palette');
  const [asking, setAsking] = useState<'pause' | 'resume' | null>(null);
  const isPaused = (emergencyStop?.stop ?? null) !== null;
  const mayPause = useMay('respond');
  const mayResume = useMay('respond', 'everywhere');
  const pause: PageAction = {
    id: 'pauseChanges',
    label: palette('action.pauseChanges'),
    whyNot: isPaused ? palette('why.paused') : null,
    act: () => setAsking('pause'),
  };
  const resume: PageAction = {
    id: 'resumeChanges',
    label: palette('action.resumeChanges'),
    whyNot: isPaused ? null : palette('why.notPaused'),
    act: () => setAsking('resume'),
  };
  usePageActions([...(mayPause ? [pause] : []), ...(mayResume ? [resume] : [])]);
  if (emergencyStop === null || !(isPaused ? mayResume : mayPause)) return null;
  const close = () => setAsking(null);
  return (
    <>
      <Button
        variant={isPaused ? 'default' : 'danger'}
        icon={<OctagonPause aria-hidden />}
        aria-label={t(isPaused ? 'paused' : 'pause')}
        title={t(isPaused ? 'paused' : 'pause')}
        aria-haspopup="dialog"
        className="max-xl:size-8 max-xl:px-0 max-md:size-11"
        onClick={() => setAsking(isPaused ? 'resume' : 'pause')}
      >
        <span aria-hidden className="max-xl:hidden">
          {t(isPaused ? 'paused' : 'pause')}
        </span>
      </Button>
      {asking === 'pause' ? (
        <StopDialog
          pauseChanges={emergencyStop.pauseChanges}
          onClose={close}
          onStopped={(count) => {
            close();
            return emergencyStop.onPaused(count);
          }}
        />
      ) : null}
      {asking === 'resume' ? (
        <ResumeDialog
          resumeChanges={emergencyStop.resumeChanges}
          onClose={close}
          onResumed={() => {
            close();
            return emergencyStop.reread();
          }}
        />
      ) : null}
    </>
  );
}
