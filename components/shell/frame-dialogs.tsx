'use client';

import { useQueryClient } from '@tanstack/react-query';
import { BellOff, CirclePlay, OctagonPause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { queryKeys } from '@/lib/client/queries';
import type { AcknowledgeAlertAction, AlertView, ReopenAlertAction } from '@/lib/contract/alert';
import type { ClearEmergencyStopAction, SetEmergencyStopAction } from '@/lib/contract/schedule';
import { ActionFailure } from './action-failure';
import { AlertReasonText } from './alert-reason-text';
import { ReasonField } from './reason-field';
import { useAction } from './use-action';
import { useUndo } from './use-undo';

type StopDialogProps = {
  readonly pauseChanges: SetEmergencyStopAction;
  readonly onStopped: (paused: number) => void;
  readonly onClose: () => void;
};

/** Explains what pausing all changes does, and asks for the reason. */
export function StopDialog({ pauseChanges, onStopped, onClose }: StopDialogProps) {
  const t = useTranslations('shell.pause');
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
      <ReasonField reason={reason} onType={setReason} error={stop.fieldError('reason', reason)} />
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
  const t = useTranslations('shell.pause');
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
      <ReasonField reason={reason} onType={setReason} error={resume.fieldError('reason', reason)} />
      <ActionFailure action={resume} />
    </Dialog>
  );
}

type AcknowledgeDialogProps = AlertActions & {
  readonly alert: AlertView;
  readonly onClose: () => void;
};

/** Asks for the reason to acknowledge an alert. */
export function AcknowledgeDialog({ alert, acknowledgeAlert, reopenAlert, onClose }: AcknowledgeDialogProps) {
  const t = useTranslations('shell.alert');
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const { subject, occurrence } = alert;
  const reread = () => client.invalidateQueries({ queryKey: queryKeys.rail() });
  const undo = useUndo(reopenAlert, reread);
  const sending = useAction(acknowledgeAlert, async () => {
    await reread();
    onClose();
    undo(t('acknowledged', { id: subject.id }), { subject, occurrence });
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('dialogTitle', { id: subject.id })}
      description={t('dialogText')}
      icon={<BellOff aria-hidden />}
      action={
        <Button
          variant="primary"
          busy={sending.isBusy}
          onClick={() => sending.send({ subject, occurrence, reason })}
        >
          {t('acknowledge')}
        </Button>
      }
    >
      <p className="text-12">
        <strong className="font-semibold">{alert.name}</strong> <AlertReasonText reason={alert.reason} />
      </p>
      <ReasonField reason={reason} onType={setReason} error={sending.fieldError('reason', reason)} />
      <ActionFailure action={sending} />
    </Dialog>
  );
}

export type AlertActions = {
  readonly acknowledgeAlert: AcknowledgeAlertAction;
  readonly reopenAlert: ReopenAlertAction;
};
