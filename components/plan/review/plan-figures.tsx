import { Clock, ListOrdered, Undo, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { countSteps } from '@/components/steps/step-groups';
import { Figures, FigureTile } from '@/components/ui/figures';
import type { Plan } from '@/lib/plan/model/model';

/** The sums of a plan: calls, time, and what its rollback takes. */
export function PlanFigures({ plan }: { readonly plan: Plan }) {
  const t = useTranslations('plan.review');
  const there = countSteps(plan.steps);
  const back = countSteps(plan.revert);
  const undone = new Set(plan.revert.flatMap((step) => (step.kind === 'write' ? (step.undoes ?? []) : [])));
  const invertible = plan.steps.filter((step) => step.kind === 'write' && undone.has(step.id)).length;
  return (
    <div className="overflow-hidden rounded-lg border border-line [&>section]:border-b-0">
      <Figures label={t('summary')}>
        <FigureTile
          icon={<ListOrdered aria-hidden />}
          name={t('steps')}
          value={there.writes}
          unit={t('stepsUnit', { count: there.writes })}
          detail={t('stepsDetail', {
            services: there.services.length,
            regions: there.regions.length,
            probes: there.probes,
          })}
        />
        <FigureTile
          icon={<Clock aria-hidden />}
          name={t('duration')}
          value={there.workS}
          unit={t('durationUnit')}
          detail={there.waitS === 0 ? t('durationDetail') : t('durationBake', { wait: there.waitS })}
        />
        <FigureTile
          icon={<Undo2 aria-hidden />}
          name={t('back')}
          value={back.workS + back.waitS}
          unit={t('backUnit')}
          detail={t('backDetail', { work: back.workS, wait: back.waitS })}
        />
        <FigureTile
          icon={<Undo aria-hidden />}
          name={t('inverse')}
          value={back.writes}
          unit={t('inverseUnit', { count: back.writes })}
          detail={t('inverseDetail', { done: invertible, all: there.writes })}
        />
      </Figures>
    </div>
  );
}
