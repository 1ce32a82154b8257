import { useTranslations } from 'next-intl';
import { numberSteps } from '@/components/steps/step-groups';
import { StepTitle } from '@/components/steps/step-title';
import type { PlanPreview } from '@/lib/draft/preview-model';

/** The steps of a plan, numbered. */
export function PlannedSteps({ plan }: { readonly plan: Extract<PlanPreview, { state: 'ready' }>['plan'] }) {
  const phase = useTranslations('plan.phase');
  return (
    <ol className="py-1.5 text-12">
      {numberSteps(plan.steps).map(({ step, number }) => (
        <li
          key={step.id}
          className="grid grid-cols-[1rem_minmax(0,1fr)_auto] items-baseline gap-2 px-4 py-1.25"
        >
          <span className="text-right font-medium text-ink-3">{number ?? ''}</span>
          <span className={number === null ? 'min-w-0 wrap-anywhere text-ink-2' : 'min-w-0 wrap-anywhere'}>
            <StepTitle step={step} />
          </span>
          <span className="text-11 text-ink-3">{phase(step.phase)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The reasons why nothing can be planned. */
export function PlanProblems({
  problems,
}: {
  readonly problems: Extract<PlanPreview, { state: 'problems' }>['problems'];
}) {
  const t = useTranslations('diversion.problem');
  return (
    <ul className="grid gap-1 px-4 py-3 text-12 text-bad-ink">
      {problems.map((problem) => (
        <li key={problem.field}>{t(problem.message)}</li>
      ))}
    </ul>
  );
}
