'use client';

import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { StateCompare } from '@/components/steps/state-compare';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/forms/text-field';
import type { AcceptDriftAction, DriftedView } from '@/lib/contract/drift';
import { refName } from '@/lib/estate/ref-name';

type AcceptDialogProps = {
  /** The items of one plan. */
  readonly items: readonly [DriftedView, ...DriftedView[]];
  readonly connectionId: string;
  readonly acceptDrift: AcceptDriftAction;
  readonly onClose: () => void;
};

/** Explains the effect of accepting drift, and asks for a reason. */
export function AcceptDialog({ items, connectionId, acceptDrift, onClose }: AcceptDialogProps) {
  const t = useTranslations('drift.dialog');
  const [reason, setReason] = useState('');
  const accept = useAction(acceptDrift, (_done, isHere) => {
    if (isHere) onClose();
  });
  const [first] = items;
  const objects = items.map(({ key, mark }) => ({ key, mark }));
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={
        items.length === 1
          ? t('title', { object: refName(first.object) })
          : t('titleAll', { count: items.length })
      }
      description={t('text')}
      icon={<Check aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button
          variant="primary"
          busy={accept.isBusy}
          onClick={() => accept.send({ connectionId, objects, reason })}
        >
          {t('action')}
        </Button>
      }
    >
      <AcceptedStates items={items} />
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('until')}</li>
        <li>{t('rollback', { run: first.by.runId })}</li>
      </ul>
      <TextField
        label={t('reason')}
        note={t('reasonNote')}
        error={accept.fieldError('reason', reason)}
        value={reason}
        onType={setReason}
      />
      <ActionFailure action={accept} />
    </Dialog>
  );
}

/** The drift to accept: the state of a single object, or the names of several. */
function AcceptedStates({ items }: Pick<AcceptDialogProps, 'items'>) {
  const t = useTranslations('drift');
  const [first, ...others] = items;
  if (others.length > 0)
    return (
      <ul className="grid gap-0.5 text-12 break-all">
        {items.map(({ key, object }) => (
          <li key={key}>{refName(object)}</li>
        ))}
      </ul>
    );
  const { accepted, expected, found } = first;
  return (
    <StateCompare
      from={{ title: t(accepted === null ? 'expected' : 'expectedAccepted'), state: expected }}
      to={{ title: t('found'), state: found }}
    />
  );
}
