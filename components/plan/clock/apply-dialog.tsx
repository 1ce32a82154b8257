'use client';

import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { countSteps } from '@/components/steps/step-groups';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import { movedDomain } from '@/lib/diversion/moved-domain';
import { getDestination } from './get-destination';
import { HandOverDialog } from './hand-over-dialog';
import { useApply } from './use-apply';

type ApplyDialogProps = {
  readonly view: PlanView;
  readonly applyPlan: ApplyPlanAction;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Explains what will happen, and on a real account requires domain B to be typed. */
export function ApplyDialog({ view, applyPlan, open, onOpenChange }: ApplyDialogProps) {
  const t = useTranslations('plan.apply');
  const apply = useApply(view, applyPlan);
  const { plan, connection } = view;
  const domain = movedDomain(plan.diversion);
  const there = countSteps(plan.steps);
  return (
    <HandOverDialog
      {...{ view, apply, open, onOpenChange }}
      words="apply"
      icon={<Play aria-hidden />}
      description={t('description', {
        writes: there.writes,
        connection: connection.name,
        seconds: there.workS,
        domain,
        function: getDestination(plan.diversion) ?? t('cvm'),
      })}
      onGive={() => apply.give(null)}
    >
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('holds')}</li>
        <li>{t('back', { wait: countSteps(plan.revert).waitS })}</li>
      </ul>
    </HandOverDialog>
  );
}
