'use client';

import { CalendarClock, CirclePlay, LockKeyhole, Play } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { countSteps } from '@/components/steps/step-groups';
import { Button, ButtonLink } from '@/components/ui/button';
import { durationText } from '@/components/ui/duration-text';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { RescheduleAction } from '@/lib/client/diversion-actions';
import type { PlanView } from '@/lib/client/views';
import type { Diversion } from '@/lib/diversion/diversion';
import { formatNames } from '@/lib/diversion/format-names';
import { functionRoutes, listMovedNames } from '@/lib/diversion/routes';
import { isUnapproved } from '@/lib/policy/approval';
import { stops } from '@/lib/preflight/model/stops';
import { routes } from '@/lib/routes';
import { RescheduleDialog, ScheduleDialog } from './schedule-dialog';
import { SubmitDialog } from './submit-dialog';
import { useApply } from './use-apply';

/** Returns the reason why a plan can't run at all, or null if it can. */
function runObstacle(view: PlanView): 'ran' | 'blocked' | 'unread' | 'empty' | null {
  if (view.runId !== null) return 'ran';
  const stopping = view.findings.filter(stops);
  if (stopping.some((finding) => finding.status === 'block')) return 'blocked';
  if (stopping.length > 0) return 'unread';
  return view.plan.steps.length === 0 ? 'empty' : null;
}

/** Returns the reason why it can't be applied now: what has to be cleared, read or approved first. */
function useObstacleText(view: PlanView): string {
  const t = useTranslations('plan.review.off');
  const check = useTranslations('preflight.check');
  const format = useFormatter();
  const obstacle = runObstacle(view);
  const { count } = view.approvals;
  if (obstacle === null) return isUnapproved(count) ? t('unapproved', count) : '';
  const stopping = view.findings.filter(stops);
  if (obstacle === 'blocked') {
    return t('blocked', { count: stopping.filter((finding) => finding.status === 'block').length });
  }
  if (obstacle !== 'unread') return t(obstacle);
  const facts = [...new Set(stopping.map((finding) => check(finding.check)))];
  return t('unread', { facts: format.list(facts, { type: 'conjunction' }) });
}

type ApplyPlanProps = {
  readonly view: PlanView;
  readonly applyPlan: ApplyPlanAction;
  readonly rescheduleRun: RescheduleAction;
  /** True if the address asks for the dialog that changes the schedule. */
  readonly isRescheduling: boolean;
};

/**
 * Starts the run of a plan, at once or on a schedule, and asks before anything is written. Once the plan has run, it
 * links to that run.
 */
export function ApplyPlan({ view, applyPlan, rescheduleRun, isRescheduling }: ApplyPlanProps) {
  const t = useTranslations('plan.review');
  const why = useObstacleText(view);
  const [isOpen, setIsOpen] = useState(false);
  const [isScheduling, setIsScheduling] = useState(isRescheduling);
  const { runId, reschedulable } = view;
  const obstacle = runObstacle(view);
  // A scheduled plan may wait for its approvals.
  const isLocked = isUnapproved(view.approvals.count);
  return (
    <>
      <span id="apply-why" className="max-w-80 text-right text-12 text-ink-2">
        {why}
      </span>
      {view.runId === null ? null : (
        <ButtonLink href={routes.run(view.runId)} size="lg" icon={<CirclePlay aria-hidden />}>
          {t('openRun')}
        </ButtonLink>
      )}
      {reschedulable === null ? null : (
        <Button size="lg" icon={<CalendarClock aria-hidden />} onClick={() => setIsScheduling(true)}>
          {t('reschedule')}
        </Button>
      )}
      {obstacle === 'ran' ? null : (
        <Button
          size="lg"
          icon={<CalendarClock aria-hidden />}
          disabled={obstacle !== null}
          aria-describedby="apply-why"
          onClick={() => setIsScheduling(true)}
        >
          {t('schedule')}
        </Button>
      )}
      {obstacle === 'ran' ? null : (
        <Button
          variant="primary"
          size="lg"
          icon={isLocked ? <LockKeyhole aria-hidden /> : <Play aria-hidden />}
          disabled={obstacle !== null || isLocked}
          aria-describedby="apply-why"
          onClick={() => setIsOpen(true)}
        >
          {t('apply')}
        </Button>
      )}
      <ApplyDialog view={view} applyPlan={applyPlan} open={isOpen} onOpenChange={setIsOpen} />
      {isScheduling && runId !== null && reschedulable !== null ? (
        <RescheduleDialog
          {...{ view, runId, rescheduleRun }}
          current={reschedulable}
          onClose={() => setIsScheduling(false)}
        />
      ) : null}
      {isScheduling && obstacle === null ? (
        <ScheduleDialog view={view} applyPlan={applyPlan} onClose={() => setIsScheduling(false)} />
      ) : null}
    </>
  );
}

type ApplyDialogProps = {
  readonly view: PlanView;
  readonly applyPlan: ApplyPlanAction;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Explains what will happen, and on a real account requires the domain to be typed. */
function ApplyDialog({ view, applyPlan, open, onOpenChange }: ApplyDialogProps) {
  const t = useTranslations('plan.apply');
  const apply = useApply<null>(view, (input) => applyPlan({ planId: view.id, hash: view.hash, ...input }));
  const { plan, connection } = view;
  const domain = formatNames(listMovedNames(plan.diversion));
  const there = countSteps(plan.steps);
  return (
    <SubmitDialog
      {...{ view, apply, open, onOpenChange }}
      words="apply"
      icon={<Play aria-hidden />}
      description={t('description', {
        writes: there.writes,
        connection: connection.name,
        duration: durationText(there.workS + there.waitS),
        effect: t(`effect.${plan.diversion.kind}`, {
          domain,
          function: getDestination(plan.diversion) ?? t('cvm'),
        }),
      })}
      onConfirm={() => apply.submit(null)}
    >
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('holds')}</li>
        <li>{t('rollback', { wait: countSteps(plan.revert).waitS })}</li>
      </ul>
    </SubmitDialog>
  );
}

/** Returns the name of the function to which traffic is moved, the first of several; null if it goes to CVM targets. */
function getDestination(diversion: Diversion): string | null {
  if (diversion.kind === 'switch' && diversion.toward === 'cvm') return null;
  const fn = functionRoutes(diversion)[0]?.route.function;
  return fn === undefined ? null : `${fn.namespace}/${fn.name}:${fn.qualifier}`;
}
