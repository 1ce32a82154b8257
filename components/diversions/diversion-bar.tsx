'use client';

import { CalendarClock, CalendarX, Copy, PencilLine, Repeat, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { usePageActions } from '@/components/shell/palette/page-actions';
import { ReasonField } from '@/components/shell/reason-field';
import { useAction } from '@/components/shell/use-action';
import { useUndo } from '@/components/shell/use-undo';
import { Button, ButtonLink } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { formatCountdown } from '@/components/ui/format-time';
import { Select } from '@/components/ui/select';
import { TabLinks } from '@/components/ui/tab-links';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useToast } from '@/components/ui/toast/toasts';
import { useNow } from '@/components/ui/use-now';
import type {
  CancelScheduleAction,
  DiscardDiversionAction,
  DuplicateDiversionAction,
  RestoreDiversionAction,
} from '@/lib/client/diversion-actions';
import type { DiversionView, RevisionView } from '@/lib/client/diversion-views';
import { routes } from '@/lib/routes';
import { canChangeSchedule, type ScheduleChange } from '@/lib/run/model/schedule-change';
import { AttentionList } from './attention-list';
import { SeriesMark } from './series-mark';
import { StateChip } from './state-chip';

type Tab = 'plan' | 'run' | 'activity';

export type DiversionActions = {
  readonly cancelSchedule: CancelScheduleAction;
  readonly duplicateDiversion: DuplicateDiversionAction;
  readonly discardDiversion: DiscardDiversionAction;
  readonly restoreDiversion: RestoreDiversionAction;
};

type DiversionBarProps = DiversionActions & {
  readonly diversion: DiversionView;
  readonly tab: Tab;
  /** The displayed revision; null = the diversion has no plan. */
  readonly revision: RevisionView | null;
};

/** The header shared by the pages of a diversion, its plans and its runs: state, next event, and the tabs. */
export function DiversionBar({ diversion, tab, revision, ...actions }: DiversionBarProps) {
  const t = useTranslations('diversions.page');
  const { id, state, attention, newest, discarded, owner } = diversion;
  return (
    <div className="border-b border-line bg-surface px-3 pt-2.5 md:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Copyable value={id} />
        <StateChip state={state} hasOutage={diversion.current?.hasOutage ?? false} />
        <span className="text-12 text-ink-2">{t(`next.${state}`)}</span>
        <Countdown diversion={diversion} />
        <span className="text-12 text-ink-3">{t('owner', { owner })}</span>
        <SeriesMark series={diversion.series} />
        <Commands diversion={diversion} tab={tab} {...actions} />
      </div>
      {discarded === null ? null : (
        <p className="mt-1 text-12 text-ink-2">
          {t.rich('discarded', { actor: discarded.by, time: () => <Time at={discarded.at} /> })}
        </p>
      )}
      <div className="mt-1 empty:hidden">
        <AttentionList attention={attention} newest={newest} />
      </div>
      <div className="mt-1 flex flex-wrap items-end gap-x-4 gap-y-1">
        <Tabs diversion={diversion} tab={tab} revision={revision} />
        <RevisionPicker diversion={diversion} tab={tab} revision={revision} />
      </div>
    </div>
  );
}

/** The time to T0 or T1 of the diversion's run, while it waits for one of them. */
function Countdown({ diversion: { current } }: Pick<DiversionBarProps, 'diversion'>) {
  const t = useTranslations('diversions.page');
  const now = useNow(1000);
  if (now === null || current?.cutover == null) return null;
  const { t0, t1 } = current.cutover;
  const isWaiting = current.runState === 'scheduled' || current.runState === 'ready';
  const next = isWaiting ? t0 : current.runState === 'holding' ? t1 : null;
  if (next === null || Date.parse(next) <= now) return null;
  const duration = formatCountdown(Date.parse(next) - now);
  return (
    <span className="text-12 font-semibold tabular-nums">{t(isWaiting ? 't0In' : 't1In', { duration })}</span>
  );
}

function Tabs({ diversion, tab, revision }: Pick<DiversionBarProps, 'diversion' | 'tab' | 'revision'>) {
  const t = useTranslations('diversions.page');
  const tabs: readonly { readonly tab: Tab; readonly href: string | null }[] = [
    { tab: 'plan', href: revision && routes.plan(revision.planId) },
    { tab: 'run', href: revision?.runId ? routes.run(revision.runId) : null },
    { tab: 'activity', href: routes.diversion(diversion.id) },
  ];
  return (
    <TabLinks
      label={t('tabs')}
      tabs={tabs.map((each) => ({
        name: t(`tab.${each.tab}`),
        href: each.href,
        isCurrent: each.tab === tab,
        whyNot: revision === null ? t('draft') : t('noRun'),
      }))}
    />
  );
}

/** Navigates to another revision, on the same tab if it exists. */
function RevisionPicker({
  diversion,
  tab,
  revision,
}: Pick<DiversionBarProps, 'diversion' | 'tab' | 'revision'>) {
  const t = useTranslations('diversions');
  const router = useRouter();
  const { revisions, newest } = diversion;
  if (revision === null || revisions.length < 2) return null;
  const open = (planId: string) => {
    const chosen = revisions.find((each) => each.planId === planId);
    if (chosen === undefined) return;
    router.push(
      tab === 'run' && chosen.runId !== null ? routes.run(chosen.runId) : routes.plan(chosen.planId),
    );
  };
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2 pb-1.5 text-12">
      {revision.state === 'superseded' && newest !== null ? (
        <span className="text-warn-ink">
          {t.rich('page.superseded', {
            newest: () => <TextLink href={routes.plan(newest.planId)}>{newest.planId}</TextLink>,
          })}
        </span>
      ) : null}
      <Select
        size="sm"
        aria-label={t('page.revision')}
        className="w-72 max-md:w-full"
        value={tab === 'activity' ? '' : revision.planId}
        placeholder={t('page.revision')}
        onChange={open}
        options={revisions.map(({ planId, number, state }) => ({
          value: planId,
          label: t('page.revisionOption', { number, plan: planId, state: t(`state.${state}`) }),
        }))}
      />
    </div>
  );
}

/** The commands for the diversion as a whole. Small screens are read-only. */
function Commands({
  diversion,
  tab,
  duplicateDiversion,
  discardDiversion,
  restoreDiversion,
  cancelSchedule,
}: Omit<DiversionBarProps, 'revision'>) {
  const t = useTranslations('diversions.page');
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const { id, kind, connection, newest, current, discarded, state, series } = diversion;
  const duplicating = useAction(duplicateDiversion, ({ diversionId }) =>
    router.push(routes.newDiversion(connection.id, { diversion: diversionId })),
  );
  const undoDiscard = useUndo(restoreDiversion, () => router.refresh());
  const toast = useToast();
  const discarding = useAction(discardDiversion, () => {
    setIsOpen(false);
    router.refresh();
    // The diversion of a Switch can't be restored: the next move of the Switch creates a new one.
    if (kind === 'switch') toast(t('isDiscardedNow', { id }));
    else undoDiscard(t('isDiscardedNow', { id }), { diversionId: id });
  });
  const repeats = series?.kind === 'template' && !series.isStopped;
  const canDiscard =
    discarded === null &&
    !repeats &&
    (current?.runState == null ||
      state === 'rolledBack' ||
      state === 'aborted' ||
      state === 'planned' ||
      state === 'approved');
  const editHref = routes.newDiversion(connection.id, { diversion: id });
  const isDiscarded = discarded === null ? null : t('isDiscarded');
  usePageActions([
    { id: 'edit', label: t('editOf', { id }), whyNot: isDiscarded, act: () => router.push(editHref) },
    {
      id: 'duplicate',
      label: t('duplicateOf', { id }),
      whyNot: null,
      act: () => duplicating.send({ diversionId: id }),
    },
    {
      id: 'discard',
      label: t('discardOf', { id }),
      whyNot: isDiscarded ?? (canDiscard ? null : t(repeats ? 'noDiscardRepeats' : 'noDiscard')),
      act: () => setIsOpen(true),
    },
  ]);
  return (
    <span className="ml-auto flex flex-wrap items-center gap-2 max-md:hidden">
      {discarded === null ? (
        <ButtonLink
          size="sm"
          icon={<PencilLine aria-hidden />}
          href={editHref}
          title={newest === null ? undefined : t('editNote', { number: newest.number + 1 })}
        >
          {t('edit')}
        </ButtonLink>
      ) : null}
      {tab === 'activity' || discarded !== null || newest === null || series !== null ? null : (
        <ButtonLink size="sm" icon={<Repeat aria-hidden />} href={routes.diversion(id)}>
          {t('repeat')}
        </ButtonLink>
      )}
      {current === null ? null : (
        <ScheduleCommands
          revision={current}
          disconnected={diversion.disconnected}
          cancelSchedule={cancelSchedule}
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
        <Button size="sm" icon={<Trash2 aria-hidden />} onClick={() => setIsOpen(true)}>
          {t('discard')}
        </Button>
      ) : null}
      <ActionFailure action={duplicating} />
      <Dialog
        open={isOpen}
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
    </span>
  );
}

type ScheduleCommandsProps = {
  readonly revision: RevisionView;
  readonly disconnected: DiversionView['disconnected'];
  readonly cancelSchedule: CancelScheduleAction;
};

/** Reschedules or cancels a run that has not started. */
function ScheduleCommands({
  revision: { planId, runId, runState, isBegun, approvals },
  disconnected,
  cancelSchedule,
}: ScheduleCommandsProps) {
  const t = useTranslations('diversions.page');
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState('');
  const canceling = useAction(cancelSchedule, () => {
    setIsOpen(false);
    router.refresh();
  });
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
    {
      id: 'cancelSchedule',
      label: t('cancelSchedule'),
      whyNot: whyNot('cancelSchedule'),
      act: () => setIsOpen(true),
    },
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
        <Button size="sm" icon={<CalendarX aria-hidden />} onClick={() => setIsOpen(true)}>
          {t('cancelSchedule')}
        </Button>
      ) : null}
      <Dialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title={t('cancelTitle', { run: runId })}
        description={t('cancelText', { plan: planId, ...approvals })}
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
        <ReasonField reason={reason} onType={setReason} error={canceling.fieldError('reason')} />
        <ActionFailure action={canceling} />
      </Dialog>
    </>
  );
}
