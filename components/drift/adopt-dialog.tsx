'use client';

import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { StateCompare } from '@/components/plan/state-compare';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { AdoptDriftAction } from '@/lib/client/actions';
import type { DriftedView } from '@/lib/client/views';
import { refName } from '@/lib/estate/ref-name';

type AdoptDialogProps = {
  readonly item: DriftedView;
  readonly connectionId: string;
  readonly adoptDrift: AdoptDriftAction;
  readonly onClose: () => void;
};

/** Says what adopting means, and wants to know why. */
export function AdoptDialog({ item, connectionId, adoptDrift, onClose }: AdoptDialogProps) {
  const t = useTranslations('drift.dialog');
  const texts = useTranslations('drift');
  const [reason, setReason] = useState('');
  const adopt = useAction(adoptDrift, onClose);
  const { key, mark, object, expected, found, by } = item;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('title', { object: refName(object) })}
      description={t('text')}
      icon={<Check aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button
          variant="primary"
          busy={adopt.isBusy}
          onClick={() => adopt.give({ connectionId, key, mark, reason })}
        >
          {t('action')}
        </Button>
      }
    >
      <StateCompare
        from={{ title: texts('expected'), state: expected }}
        to={{ title: texts('found'), state: found }}
      />
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('until')}</li>
        <li>{t('wayBack', { run: by.runId })}</li>
      </ul>
      <Field label={t('reason')} note={t('reasonNote')} error={adopt.fieldError('reason')}>
        {(control) => (
          <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <ActionFailure action={adopt} />
    </Dialog>
  );
}
