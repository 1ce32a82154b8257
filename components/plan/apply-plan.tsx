'use client';

import { CirclePlay, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import { stops } from '@/lib/preflight/preflight';
import { routes } from '@/lib/routes';
import { ApplyDialog } from './apply-dialog';

/** Why a plan can't be applied, as a message key below `plan.review.off`; null when it can. */
function applyObstacle(view: PlanView): 'ran' | 'blocked' | 'empty' | null {
  if (view.runId !== null) return 'ran';
  if (view.findings.some(stops)) return 'blocked';
  return view.plan.steps.length === 0 ? 'empty' : null;
}

type ApplyPlanProps = { readonly view: PlanView; readonly applyPlan: ApplyPlanAction };

/** The way from a plan to its run: asks before anything is written; once it has run, leads to that run. */
export function ApplyPlan({ view, applyPlan }: ApplyPlanProps) {
  const t = useTranslations('plan.review');
  const [isOpen, setIsOpen] = useState(false);
  const obstacle = applyObstacle(view);
  const count = view.findings.filter(stops).length;
  return (
    <>
      <span id="apply-why" className="max-w-80 text-right text-12 text-ink-2">
        {obstacle === null ? '' : t(`off.${obstacle}`, { count })}
      </span>
      {view.runId === null ? null : (
        <ButtonLink href={routes.run(view.runId)} size="lg" icon={<CirclePlay aria-hidden />}>
          {t('openRun')}
        </ButtonLink>
      )}
      {obstacle === 'ran' ? null : (
        <Button
          variant="primary"
          size="lg"
          icon={<Play aria-hidden />}
          disabled={obstacle !== null}
          aria-describedby="apply-why"
          onClick={() => setIsOpen(true)}
        >
          {t('apply')}
        </Button>
      )}
      <ApplyDialog view={view} applyPlan={applyPlan} open={isOpen} onOpenChange={setIsOpen} />
    </>
  );
}
