'use client';

import { CalendarClock, CirclePlay, LockKeyhole, Play } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import { isUnapproved } from '@/lib/policy/approval';
import { stops } from '@/lib/preflight/preflight';
import { routes } from '@/lib/routes';
import { ApplyDialog } from './apply-dialog';
import { ScheduleDialog } from './schedule-dialog';

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

type ApplyPlanProps = { readonly view: PlanView; readonly applyPlan: ApplyPlanAction };

/**
 * Starts the run of a plan, at once or on a schedule, and asks before anything is written. Once the plan has run, it
 * links to that run.
 */
export function ApplyPlan({ view, applyPlan }: ApplyPlanProps) {
  const t = useTranslations('plan.review');
  const why = useObstacleText(view);
  const [isOpen, setIsOpen] = useState(false);
  const [isScheduling, setIsScheduling] = useState(false);
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
      {isScheduling ? (
        <ScheduleDialog view={view} applyPlan={applyPlan} onClose={() => setIsScheduling(false)} />
      ) : null}
    </>
  );
}
