import { CalendarX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReasonField } from '@/components/shell/reason-field';
import { useAction } from '@/components/shell/use-action';
import { FormDialog } from '@/components/ui/form-dialog';
import { Segmented } from '@/components/ui/segmented';
import type { DiversionView, RecurrenceView } from '@/lib/contract/diversion';
import type { StopRecurrenceAction } from '@/lib/contract/recurrence';

type StopRecurrenceDialogProps = {
  readonly id: DiversionView['id'];
  readonly recurrence: RecurrenceView;
  readonly stopRecurrence: StopRecurrenceAction;
  readonly onClose: () => void;
};

/** Asks for the reason and what happens to scheduled occurrences, then stops a recurrence. */
export function StopRecurrenceDialog({ id, recurrence, stopRecurrence, onClose }: StopRecurrenceDialogProps) {
  const t = useTranslations('diversions.repeat');
  const [scheduled, setScheduled] = useState<'cancel' | 'keep'>('cancel');
  const [reason, setReason] = useState('');
  const stopping = useAction(stopRecurrence, onClose);
  const open = recurrence.occurrences.filter(({ isReplaceable }) => isReplaceable).length;
  return (
    <FormDialog
      title={t('stopTitle', { id })}
      description={t('stopText', { count: open })}
      icon={<CalendarX aria-hidden />}
      submitLabel={t('stopNow')}
      isBusy={stopping.isBusy}
      onClose={onClose}
      onSubmit={() => stopping.send({ diversionId: id, scheduled, reason })}
      below={<ActionFailure action={stopping} />}
    >
      {open === 0 ? null : (
        <div>
          <Segmented
            label={t('stopScheduled')}
            value={scheduled}
            onChange={setScheduled}
            options={[
              { value: 'cancel', label: t('stopCancel') },
              { value: 'keep', label: t('stopKeep') },
            ]}
          />
        </div>
      )}
      <ReasonField reason={reason} onType={setReason} error={stopping.fieldError('reason', reason)} />
    </FormDialog>
  );
}
