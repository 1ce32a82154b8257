'use client';

import type { ApplyPlanAction } from '@/lib/contract/plan';
import type { RescheduleAction } from '@/lib/contract/run';
import { ApplyDialog } from './apply-dialog';
import type { Obstacle } from './obstacle';
import { RescheduleDialog, ScheduleDialog } from './schedule-dialog';
import type { ApplyView } from './use-apply';

type ApplyDialogsProps = ApplyPlanProps & {
  readonly isOpen: boolean;
  readonly setIsOpen: (isOpen: boolean) => void;
  readonly isScheduling: boolean;
  readonly setIsScheduling: (isScheduling: boolean) => void;
};

/** The dialogs that a plan's buttons open, with their text. */
export function ApplyDialogs(props: ApplyDialogsProps) {
  const { view, obstacle, applyPlan, rescheduleRun, isOpen, setIsOpen, isScheduling, setIsScheduling } =
    props;
  const { runId, reschedulable } = view;
  const close = () => setIsScheduling(false);
  return (
    <>
      <ApplyDialog view={view} applyPlan={applyPlan} open={isOpen} onOpenChange={setIsOpen} />
      {isScheduling && runId !== null && reschedulable !== null ? (
        <RescheduleDialog {...{ view, runId, rescheduleRun }} current={reschedulable} onClose={close} />
      ) : null}
      {isScheduling && obstacle === null ? (
        <ScheduleDialog view={view} applyPlan={applyPlan} onClose={close} />
      ) : null}
    </>
  );
}

export type ApplyPlanProps = {
  readonly view: ApplyView;
  /** The reason why it can't run at all; null = it can. */
  readonly obstacle: Obstacle | null;
  /** The text of why it can't be applied now. */
  readonly why: string;
  readonly applyPlan: ApplyPlanAction;
  readonly rescheduleRun: RescheduleAction;
  /** True if the address asks for the dialog that changes the schedule. */
  readonly isRescheduling: boolean;
};
