'use client';

import { CalendarClock, CalendarX, Copy, type LucideIcon, PencilLine, Repeat, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { MoreMenu } from '@/components/shell/palette/more-menu';
import { type PageAction, usePageActions } from '@/components/shell/palette/page-actions';
import { useAction } from '@/components/shell/use-action';
import { Button, ButtonLink } from '@/components/ui/button';
import { useMay } from '@/lib/client/session/rights';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { routes } from '@/lib/routes';
import { canChangeSchedule, type ScheduleChange } from '@/lib/run/model/schedule-change';
import { ChangeDialogs, type ChangedDiversion, type DiversionActions } from './change-dialogs';

type DiversionCommandsProps = DiversionActions & {
  readonly diversion: ChangedDiversion;
  /** True if a run is shown: its commands come first, and what changes the plan is in the menu. */
  readonly isOfRun: boolean;
};

type Command = PageAction & {
  readonly icon: LucideIcon;
  /** Its address, if it opens a page. */
  readonly href?: string;
  /** True if it has a button; the others are in the menu. */
  readonly isButton?: boolean;
};

/** The commands for the diversion as a whole that are possible now. Small screens have none. */
export function DiversionCommands({
  diversion,
  isOfRun,
  duplicateDiversion,
  ...actions
}: DiversionCommandsProps) {
  const t = useAnyKey('diversions.command');
  const router = useRouter();
  const [isDiscarding, setIsDiscarding] = useState(false);
  const [isCanceling, setIsCanceling] = useState(false);
  const { id, connectionId, current, isDiscarded, state, isInSeries, isRepeating } = diversion;
  const duplicating = useAction(duplicateDiversion, ({ diversionId }, isHere) => {
    if (isHere) router.push(routes.newDiversion(connectionId, { diversion: diversionId }));
  });
  const mayOperate = useMay('operate');
  const isOver = state === 'rolledBack' || state === 'leftAsIs';
  const isPlan = state === 'planned' || state === 'approved';
  const canDiscard = !isDiscarded && !isRepeating && (current?.runState == null || isOver || isPlan);
  const canRepeat = !isDiscarded && diversion.newestNumber !== null && !isInSeries;
  const run = current === null || current.runId === null ? null : current;
  const can = (change: ScheduleChange) =>
    run !== null && canChangeSchedule(change, { state: run.runState, isBegun: run.isBegun });
  const commands: Command[] = [];
  const offer = (isPossible: boolean, id: string, rest: Omit<Command, 'id' | 'label' | 'whyNot'>) => {
    if (isPossible && mayOperate) commands.push({ id, label: t(id), whyNot: null, ...rest });
  };
  const open = (href: string) => ({ href, act: () => router.push(href) });
  const toEditor = open(routes.newDiversion(connectionId, { diversion: id }));
  offer(!isDiscarded, 'edit', { icon: PencilLine, isButton: !isOfRun, ...toEditor });
  if (run !== null) {
    const toSchedule = open(routes.diversion(id, { plan: run.planId, reschedule: '' }));
    // The account must be connected to check another time; to cancel a schedule needs none.
    const isConnected = diversion.disconnected.length === 0;
    offer(can('reschedule') && isConnected, 'reschedule', {
      icon: CalendarClock,
      isButton: isOfRun,
      ...toSchedule,
    });
  }
  offer(can('cancelSchedule'), 'cancelSchedule', {
    icon: CalendarX,
    isButton: true,
    act: () => setIsCanceling(true),
  });
  const toActivity = open(routes.diversion(id, { tab: 'activity' }));
  offer(canRepeat, 'repeat', { icon: Repeat, isButton: isOver, ...toActivity });
  offer(true, 'duplicate', { icon: Copy, act: () => duplicating.send({ diversionId: id }) });
  offer(canDiscard, 'discard', { icon: Trash2, act: () => setIsDiscarding(true) });
  usePageActions(
    commands.map(({ icon, isButton, ...each }) => ({ ...each, ...(isButton ? {} : { menuIcon: icon }) })),
  );
  return (
    <>
      {commands.map(({ id: name, label, icon: Icon, isButton, href, act }) =>
        !isButton ? null : href === undefined ? (
          <Button key={name} size="lg" icon={<Icon aria-hidden />} className="max-md:hidden" onClick={act}>
            {label}
          </Button>
        ) : (
          <ButtonLink key={name} size="lg" icon={<Icon aria-hidden />} className="max-md:hidden" href={href}>
            {label}
          </ButtonLink>
        ),
      )}
      {mayOperate ? <MoreMenu /> : null}
      <ActionFailure action={duplicating} />
      <ChangeDialogs
        {...{ diversion, ...actions, isDiscarding, setIsDiscarding, isCanceling, setIsCanceling }}
      />
    </>
  );
}
