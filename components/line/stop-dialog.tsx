'use client';

import { OctagonPause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { StopLineAction } from '@/lib/client/actions';

type StopDialogProps = {
  readonly stopLine: StopLineAction;
  readonly onStopped: (paused: number) => void;
  readonly onClose: () => void;
};

/** Says what a stop does, and wants to know why. */
export function StopDialog({ stopLine, onStopped, onClose }: StopDialogProps) {
  const t = useTranslations('schedule.line');
  const [reason, setReason] = useState('');
  const stop = useAction(stopLine, ({ paused }) => onStopped(paused));
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('dialogTitle')}
      description={t('dialogText')}
      icon={<OctagonPause aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button variant="dangerSolid" busy={stop.isBusy} onClick={() => stop.give({ reason })}>
          {t('stop')}
        </Button>
      }
    >
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('stopsNew')}</li>
        <li>{t('wayBack')}</li>
        <li>{t('untilReleased')}</li>
      </ul>
      <Field label={t('reason')} note={t('reasonNote')} error={stop.fieldError('reason')}>
        {(control) => (
          <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <ActionFailure action={stop} />
    </Dialog>
  );
}
