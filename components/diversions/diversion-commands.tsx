'use client';

import { CalendarClock, CalendarX, Copy, PencilLine, Repeat, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { type PageAction, usePageActions } from '@/components/shell/palette/page-actions';
import { useAction } from '@/components/shell/use-action';
import { Button, ButtonLink } from '@/components/ui/button';
import { useMay } from '@/lib/client/session/rights';
import type { DiversionView } from '@/lib/contract/diversion';
import { routes } from '@/lib/routes';
import { canChangeSchedule, type ScheduleChange } from '@/lib/run/model/schedule-change';
import { ChangeDialogs, type ChangedDiversion, type DiversionActions } from './change-dialogs';

type DiversionCommandsProps = DiversionActions & {
  readonly diversion: ChangedDiversion;
  /** True if the page has no control of its own that repeats it. */
  readonly offersRepeat: boolean;
};

/** The commands for the diversion as a whole. Small screens are read-only. */
export function DiversionCommands({
  diversion,
  offersRepeat,
  duplicateDiversion,
  ...actions
}: DiversionCommandsProps) {
  const t = useTranslations('diversions.command');
  const router = useRouter();
  const [isDiscarding, setIsDiscarding] = useState(false);
  const [isCanceling, setIsCanceling] = useState(false);
  const { id, connectionId, newestNumber, current, isDiscarded, state, isInSeries, isRepeating } = diversion;
  const duplicating = useAction(duplicateDiversion, ({ diversionId }, isHere) => {
    if (isHere) router.push(routes.newDiversion(connectionId, { diversion: diversionId }));
  });
  const canDiscard =
    !isDiscarded &&
    !isRepeating &&
    (current?.runState == null ||
      state === 'rolledBack' ||
      state === 'leftAsIs' ||
      state === 'planned' ||
      state === 'approved');
  const editHref = routes.newDiversion(connectionId, { diversion: id });
  const mayOperate = useMay('operate');
  const whyDiscarded = isDiscarded ? t('isDiscarded') : null;
  const commands: readonly PageAction[] = [
    { id: 'edit', label: t('editOf', { id }), whyNot: whyDiscarded, act: () => router.push(editHref) },
    {
      id: 'duplicate',
      label: t('duplicateOf', { id }),
      whyNot: null,
      act: () => duplicating.send({ diversionId: id }),
    },
    {
      id: 'discard',
      label: t('discardOf', { id }),
      whyNot: whyDiscarded ?? (canDiscard ? null : t(isRepeating ? 'noDiscardRepeats' : 'noDiscard')),
      act: () => setIsDiscarding(true),
    },
  ];
  usePageActions(mayOperate ? commands : []);
  if (!mayOperate) return null;
  return (
    <span className="ml-auto flex flex-wrap items-center gap-2 max-md:hidden">
      {isDiscarded ? null : (
        <ButtonLink
          size="sm"
          icon={<PencilLine aria-hidden />}
          href={editHref}
          title={newestNumber === null ? undefined : t('editNote', { number: newestNumber + 1 })}
        >
          {t('edit')}
        </ButtonLink>
      )}
      {!offersRepeat || isDiscarded || newestNumber === null || isInSeries ? null : (
        <ButtonLink size="sm" icon={<Repeat aria-hidden />} href={routes.diversion(id)}>
          {t('repeat')}
        </ButtonLink>
      )}
      {current === null ? null : (
        <ScheduleCommands
          current={current}
          disconnected={diversion.disconnected}
          onCancel={() => setIsCanceling(true)}
        />
      )}
      <Button
        size="sm"
        icon={<Copy aria-hidden />}
        busy={duplicating.isBusy}
        onClick={() => duplicating.send({ diversionId: id })}
      >
        {t('duplicate')}
      </Button>
      {canDiscard ? (
        <Button size="sm" icon={<Trash2 aria-hidden />} onClick={() => setIsDiscarding(true)}>
          {t('discard')}
        </Button>
      ) : null}
      <ActionFailure action={duplicating} />
      <ChangeDialogs
        {...{ diversion, ...actions, isDiscarding, setIsDiscarding, isCanceling, setIsCanceling }}
      />
    </span>
  );
}

type ScheduleCommandsProps = {
  readonly current: NonNullable<ChangedDiversion['current']>;
  readonly disconnected: DiversionView['disconnected'];
  readonly onCancel: () => void;
};

/** Reschedules or cancels a run that has not started. */
function ScheduleCommands({
  current: { planId, runId, runState, isBegun },
  disconnected,
  onCancel,
}: ScheduleCommandsProps) {
  const t = useTranslations('diversions.command');
  const router = useRouter();
  const can = (change: ScheduleChange) => canChangeSchedule(change, { state: runState, isBegun });
  const whyNot = (change: ScheduleChange) => (can(change) ? null : t('notWaiting'));
  // To cancel a schedule needs no account.
  const noAccount =
    disconnected.length === 0 ? null : t('disconnected', { accounts: disconnected.join(', ') });
  usePageActions([
    {
      id: 'reschedule',
      label: t('reschedule'),
      whyNot: whyNot('reschedule') ?? noAccount,
      act: () => router.push(routes.reschedule(planId)),
    },
    { id: 'cancelSchedule', label: t('cancelSchedule'), whyNot: whyNot('cancelSchedule'), act: onCancel },
  ]);
  if (runId === null) return null;
  return (
    <>
      {can('reschedule') && noAccount === null ? (
        <ButtonLink size="sm" icon={<CalendarClock aria-hidden />} href={routes.reschedule(planId)}>
          {t('reschedule')}
        </ButtonLink>
      ) : null}
      {can('cancelSchedule') ? (
        <Button size="sm" icon={<CalendarX aria-hidden />} onClick={onCancel}>
          {t('cancelSchedule')}
        </Button>
      ) : null}
    </>
  );
}
