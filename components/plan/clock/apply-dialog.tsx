import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { countSteps } from '@/components/steps/step-groups';
import { durationText } from '@/components/ui/duration-text';
import type { ApplyPlanAction } from '@/lib/contract/plan';
import type { Diversion } from '@/lib/diversion/diversion';
import { formatNames } from '@/lib/diversion/format-names';
import { functionRoutes, listMovedNames } from '@/lib/diversion/routes';
import { SubmitDialog } from './submit-dialog';
import { type ApplyView, useApply } from './use-apply';

type ApplyDialogProps = {
  readonly view: ApplyView;
  readonly applyPlan: ApplyPlanAction;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Explains what will happen, and on a real account requires the domain to be typed. */
export function ApplyDialog({ view, applyPlan, open, onOpenChange }: ApplyDialogProps) {
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
        <li>{t('rollback', { wait: countSteps(plan.rollback).waitS })}</li>
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
