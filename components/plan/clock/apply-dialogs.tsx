'use client';

import { ApplyDialog } from './apply-dialog';
import type { ApplyPlanProps } from './apply-plan';
import { RescheduleDialog, ScheduleDialog } from './schedule-dialog';

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
