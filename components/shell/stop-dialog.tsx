'use client';

import { CirclePlay, OctagonPause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { ClearEmergencyStopAction, SetEmergencyStopAction } from '@/lib/client/actions';
import { ActionFailure } from './action-failure';
import { ReasonField } from './reason-field';
import { useAction } from './use-action';

type StopDialogProps = {
  readonly pauseChanges: SetEmergencyStopAction;
  readonly onStopped: (paused: number) => void;
  readonly onClose: () => void;
};

/** Explains what pausing all changes does, and asks for the reason. */
export function StopDialog({ pauseChanges, onStopped, onClose }: StopDialogProps) {
  const t = useTranslations('schedule.emergencyStop');
  const [reason, setReason] = useState('');
  const stop = useAction(pauseChanges, ({ paused }) => onStopped(paused));
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('dialogTitle')}
      description={t('dialogText')}
      icon={<OctagonPause aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button variant="dangerSolid" busy={stop.isBusy} onClick={() => stop.send({ reason })}>
          {t('stop')}
        </Button>
      }
    >
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('stopsNew')}</li>
        <li>{t('rollbacks')}</li>
        <li>{t('untilResumed')}</li>
      </ul>
      <ReasonField reason={reason} onType={setReason} error={stop.fieldError('reason')} />
      <ActionFailure action={stop} />
    </Dialog>
  );
}

type ResumeDialogProps = {
  readonly resumeChanges: ClearEmergencyStopAction;
  readonly onResumed: () => void;
  readonly onClose: () => void;
};

/** Explains what resuming changes does, and asks for the reason. */
export function ResumeDialog({ resumeChanges, onResumed, onClose }: ResumeDialogProps) {
  const t = useTranslations('schedule.emergencyStop');
  const [reason, setReason] = useState('');
  const resume = useAction(resumeChanges, onResumed);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('resumeTitle')}
      description={t('resumeText')}
      icon={<CirclePlay aria-hidden />}
      cancelLabel={t('keepPaused')}
      action={
        <Button variant="primary" busy={resume.isBusy} onClick={() => resume.send({ reason })}>
          {t('release')}
        </Button>
      }
    >
      <ReasonField reason={reason} onType={setReason} error={resume.fieldError('reason')} />
      <ActionFailure action={resume} />
    </Dialog>
  );
}
