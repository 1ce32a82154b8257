'use client';

import { Clock, ListOrdered, Undo, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { StepTotals } from '@/components/steps/step-groups';
import { durationText } from '@/components/ui/duration-text';
import { Figures, FigureTile } from '@/components/ui/figures';

export type PlanFiguresProps = {
  readonly apply: StepTotals;
  readonly rollback: StepTotals;
  /** The number of writes that the rollback undoes. */
  readonly invertible: number;
};

/** Returns the parts of a duration as text: calls and probes, and waits. */
function timeParts({ workS, waitS }: StepTotals) {
  return { work: durationText(workS), wait: durationText(waitS) };
}

/** The sums of a plan: calls, time, and what its rollback takes. */
export function PlanFigures({ apply, rollback, invertible }: PlanFiguresProps) {
  const t = useTranslations('plan.figures');
  return (
    <div className="overflow-hidden rounded-lg border border-line [&>section]:border-b-0">
      <Figures label={t('summary')}>
        <FigureTile
          icon={<ListOrdered aria-hidden />}
          name={t('steps')}
          value={apply.writes}
          unit={t('stepsUnit', { count: apply.writes })}
          detail={t('stepsDetail', {
            services: apply.services.length,
            regions: apply.regions.length,
            probes: apply.probes,
          })}
        />
        <FigureTile
          icon={<Clock aria-hidden />}
          name={t('duration')}
          value={durationText(apply.workS + apply.waitS)}
          unit={t('durationUnit')}
          detail={apply.waitS === 0 ? t('durationDetail') : t('durationParts', timeParts(apply))}
        />
        <FigureTile
          icon={<Undo2 aria-hidden />}
          name={t('rollbackTime')}
          value={durationText(rollback.workS + rollback.waitS)}
          unit={t('durationUnit')}
          detail={t('durationParts', timeParts(rollback))}
        />
        <FigureTile
          icon={<Undo aria-hidden />}
          name={t('inverse')}
          value={rollback.writes}
          unit={t('inverseUnit', { count: rollback.writes })}
          detail={t('inverseDetail', { done: invertible, all: apply.writes })}
        />
      </Figures>
    </div>
  );
}
