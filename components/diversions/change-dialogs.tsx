'use client';

import { CalendarX, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReasonField } from '@/components/shell/reason-field';
import { useAction } from '@/components/shell/use-action';
import { useUndo } from '@/components/shell/use-undo';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useToast } from '@/components/ui/toast/toasts';
import type {
  DiscardDiversionAction,
  DiversionView,
  DuplicateDiversionAction,
  RestoreDiversionAction,
  RevisionView,
} from '@/lib/contract/diversion';
import type { CancelScheduleAction } from '@/lib/contract/run';

type OpenProps = {
  readonly diversion: ChangedDiversion;
  readonly open: boolean;
  readonly setIsOpen: (isOpen: boolean) => void;
};

type ChangeDialogsProps = Omit<DiversionActions, 'duplicateDiversion'> & {
  readonly diversion: ChangedDiversion;
  readonly isDiscarding: boolean;
  readonly setIsDiscarding: (isOpen: boolean) => void;
  readonly isCanceling: boolean;
  readonly setIsCanceling: (isOpen: boolean) => void;
};

/** The dialogs that confirm a change of a diversion, with their text. */
export function ChangeDialogs(props: ChangeDialogsProps) {
  const { diversion, discardDiversion, restoreDiversion, cancelSchedule } = props;
  return (
    <>
      <DiscardDialog
        {...{ diversion, discardDiversion, restoreDiversion }}
        open={props.isDiscarding}
        setIsOpen={props.setIsDiscarding}
      />
      <CancelDialog
        {...{ diversion, cancelSchedule }}
        open={props.isCanceling}
        setIsOpen={props.setIsCanceling}
      />
    </>
  );
}

type DiscardDialogProps = OpenProps & Pick<DiversionActions, 'discardDiversion' | 'restoreDiversion'>;

function DiscardDialog({ diversion, open, setIsOpen, ...actions }: DiscardDialogProps) {
  const t = useTranslations('diversions.change');
  const router = useRouter();
  const toast = useToast();
  const { id, kind } = diversion;
  const undoDiscard = useUndo(actions.restoreDiversion, () => router.refresh());
  const discarding = useAction(actions.discardDiversion, () => {
    setIsOpen(false);
    router.refresh();
    const note = t('isDiscardedNow', { id });
    // The diversion of a Switch can't be restored: the next move of the Switch creates a new one.
    if (kind === 'switch') toast({ kind: 'done', title: note });
    else undoDiscard(note, { diversionId: id });
  });
  return (
    <Dialog
      open={open}
      onOpenChange={setIsOpen}
      title={t('discardTitle', { id })}
      description={t('discardText')}
      icon={<Trash2 aria-hidden />}
      cancelLabel={t('keep')}
      action={
        <Button
          variant="dangerSolid"
          busy={discarding.isBusy}
          onClick={() => discarding.send({ diversionId: id })}
        >
          {t('discardNow')}
        </Button>
      }
    >
      <ActionFailure action={discarding} />
    </Dialog>
  );
}

function CancelDialog({
  diversion,
  open,
  setIsOpen,
  cancelSchedule,
}: OpenProps & Pick<DiversionActions, 'cancelSchedule'>) {
  const t = useTranslations('diversions.change');
  const router = useRouter();
  const [reason, setReason] = useState('');
  const canceling = useAction(cancelSchedule, () => {
    setIsOpen(false);
    router.refresh();
  });
  const { current } = diversion;
  if (current === null || current.runId === null) return null;
  const { runId, planId, approvals } = current;
  return (
    <Dialog
      open={open}
      onOpenChange={setIsOpen}
      title={t('cancelTitle', { run: runId })}
      description={t('cancelText', { plan: planId, given: approvals.given, needed: approvals.needed })}
      icon={<CalendarX aria-hidden />}
      cancelLabel={t('keepSchedule')}
      action={
        <Button
          variant="dangerSolid"
          busy={canceling.isBusy}
          onClick={() => canceling.send({ runId, reason })}
        >
          {t('cancelNow')}
        </Button>
      }
    >
      <ReasonField reason={reason} onType={setReason} error={canceling.fieldError('reason', reason)} />
      <ActionFailure action={canceling} />
    </Dialog>
  );
}

export type DiversionActions = {
  readonly cancelSchedule: CancelScheduleAction;
  readonly duplicateDiversion: DuplicateDiversionAction;
  readonly discardDiversion: DiscardDiversionAction;
  readonly restoreDiversion: RestoreDiversionAction;
};

/** The facts of a diversion that decide which commands it has. */
export type ChangedDiversion = Pick<DiversionView, 'id' | 'kind' | 'state' | 'disconnected'> & {
  readonly connectionId: string;
  /** The number of its newest revision; null = it has no plan. */
  readonly newestNumber: number | null;
  readonly current: Pick<RevisionView, 'planId' | 'runId' | 'runState' | 'isBegun' | 'approvals'> | null;
  readonly isDiscarded: boolean;
  readonly isInSeries: boolean;
  /** True if it creates occurrences. */
  readonly isRepeating: boolean;
};
