'use client';

import { AddMessages } from '@/components/ui/base/add-messages';
import clock from '@/lib/messages/en/plan-clock.json';
import preflight from '@/lib/messages/en/preflight.json';
import check from '@/lib/messages/en/preflight-check.json';
import measure from '@/lib/messages/en/run-measure.json';
import { ApplyDialog } from './apply-dialog';
import type { ApplyPlanProps } from './apply-plan';
import { RescheduleDialog, ScheduleDialog } from './schedule-dialog';

type ApplyDialogsProps = ApplyPlanProps & {
  readonly isOpen: boolean;
  readonly setIsOpen: (isOpen: boolean) => void;
  readonly isScheduling: boolean;
  readonly setIsScheduling: (isScheduling: boolean) => void;
};

const texts = { plan: clock, preflight: { ...preflight, ...check }, run: { measure } };

/** The dialogs that a plan's buttons open, with their text. */
export function ApplyDialogs(props: ApplyDialogsProps) {
  const { view, obstacle, applyPlan, rescheduleRun, isOpen, setIsOpen, isScheduling, setIsScheduling } =
    props;
  const { runId, reschedulable } = view;
  const close = () => setIsScheduling(false);
  return (
    <AddMessages texts={texts}>
      <ApplyDialog view={view} applyPlan={applyPlan} open={isOpen} onOpenChange={setIsOpen} />
      {isScheduling && runId !== null && reschedulable !== null ? (
        <RescheduleDialog {...{ view, runId, rescheduleRun }} current={reschedulable} onClose={close} />
      ) : null}
      {isScheduling && obstacle === null ? (
        <ScheduleDialog view={view} applyPlan={applyPlan} onClose={close} />
      ) : null}
    </AddMessages>
  );
}
