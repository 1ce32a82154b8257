'use client';

import { useQueryClient } from '@tanstack/react-query';
import { BellOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { AlertView } from '@/lib/client/alert-views';
import { queryKeys } from '@/lib/client/queries';
import { ActionFailure } from './action-failure';
import { AlertReasonText } from './alert-reason-text';
import type { AlertActions } from './alerts';
import { ReasonField } from './reason-field';
import { useAction } from './use-action';
import { useUndo } from './use-undo';

type AcknowledgeDialogProps = AlertActions & {
  readonly alert: AlertView;
  readonly onClose: () => void;
};

/** Asks for the reason why an alert needs no more attention. */
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
      <ReasonField reason={reason} onType={setReason} error={sending.fieldError('reason')} />
      <ActionFailure action={sending} />
    </Dialog>
  );
}
