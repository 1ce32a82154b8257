'use client';

import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import { movedDomain } from '@/lib/diversion/moved-domain';
import { ApplyConfirm } from './apply-confirm';
import { destinationOf } from './destination-of';
import { totalsOf } from './step-groups';
import { useApply } from './use-apply';

type ApplyDialogProps = {
  readonly view: PlanView;
  readonly applyPlan: ApplyPlanAction;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Says what will happen, and on a real account wants domain B typed. */
export function ApplyDialog({ view, applyPlan, open, onOpenChange }: ApplyDialogProps) {
  const t = useTranslations('plan.apply');
  const apply = useApply(view, applyPlan);
  const { plan, connection } = view;
  const domain = movedDomain(plan.diversion);
  const there = totalsOf(plan.steps);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      description={t('description', {
        writes: there.writes,
        connection: connection.name,
        seconds: there.workS,
        domain,
        function: destinationOf(plan.diversion) ?? t('cvm'),
      })}
      icon={<Play aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button
          variant="primary"
          busy={apply.isBusy}
          disabled={!apply.isConfirmed}
          onClick={() => apply.give(null)}
        >
          {t('now')}
        </Button>
      }
    >
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('holds')}</li>
        <li>{t('back', { wait: totalsOf(plan.revert).waitS })}</li>
      </ul>
      <ApplyConfirm view={view} apply={apply} failed={t('failed')} unknown={t('unknown')} />
    </Dialog>
  );
}
