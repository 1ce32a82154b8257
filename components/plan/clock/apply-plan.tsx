'use client';

import { CalendarClock, CirclePlay, LockKeyhole, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type PageAction, usePageActions } from '@/components/shell/palette/page-actions';
import { Button, ButtonLink } from '@/components/ui/button';
import { useMay } from '@/lib/client/session/rights';
import { isUnapproved } from '@/lib/policy/approval';
import { routes } from '@/lib/routes';
import { ApplyDialogs, type ApplyPlanProps } from './apply-dialogs';

/**
 * Starts the run of a plan, at once or on a schedule, and asks before anything is written. Once the plan has run, it
 * links to that run.
 */
export function ApplyPlan(props: ApplyPlanProps) {
  const { view, obstacle, why, isRescheduling } = props;
  const t = useTranslations('plan.actions');
  const mayApply = useMay('operate');
  const [isOpen, setIsOpen] = useState(false);
  const [isScheduling, setIsScheduling] = useState(
    mayApply && isRescheduling && view.disconnected.length === 0,
  );
  // A scheduled plan may wait for its approvals.
  const isLocked = isUnapproved(view.approvals.count);
  const isDisconnected = view.disconnected.length > 0;
  const open: Readonly<Record<'apply' | 'schedule', PageAction>> = {
    apply: {
      id: 'applyPlan',
      label: t('apply'),
      whyNot: obstacle !== null || isLocked ? why : null,
      act: () => setIsOpen(true),
    },
    schedule: {
      id: 'schedulePlan',
      label: t('schedule'),
      whyNot: obstacle !== null ? why : null,
      act: () => setIsScheduling(true),
    },
  };
  usePageActions(obstacle === 'ran' || !mayApply ? [] : [open.apply, open.schedule]);
  return (
    <>
      <span id="apply-why" className="max-w-80 text-right text-12 text-ink-2">
        {mayApply ? why : t('onlyOperators')}
      </span>
      {view.runId === null ? null : (
        <ButtonLink href={routes.run(view.runId)} size="lg" icon={<CirclePlay aria-hidden />}>
          {t('openRun')}
        </ButtonLink>
      )}
      {view.reschedulable === null || !mayApply ? null : (
        <Button
          size="lg"
          icon={<CalendarClock aria-hidden />}
          disabled={isDisconnected}
          aria-describedby="apply-why"
          onClick={() => setIsScheduling(true)}
        >
          {t('reschedule')}
        </Button>
      )}
      {obstacle === 'ran' || !mayApply ? null : (
        <>
          <Button
            size="lg"
            icon={isLocked ? <LockKeyhole aria-hidden /> : <Play aria-hidden />}
            disabled={open.apply.whyNot !== null}
            aria-describedby="apply-why"
            onClick={open.apply.act}
          >
            {open.apply.label}
          </Button>
          <Button
            variant="primary"
            size="lg"
            icon={<CalendarClock aria-hidden />}
            disabled={open.schedule.whyNot !== null}
            aria-describedby="apply-why"
            onClick={open.schedule.act}
          >
            {open.schedule.label}
          </Button>
        </>
      )}
      <ApplyDialogs {...props} {...{ isOpen, setIsOpen, isScheduling, setIsScheduling }} />
    </>
  );
}
