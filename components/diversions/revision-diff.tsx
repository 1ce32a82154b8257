import { useTranslations } from 'next-intl';
import { StepDetail } from '@/components/steps/step-detail';
import { StepTitle } from '@/components/steps/step-title';
import { Panel } from '@/components/ui/panel';
import type { Plan, Step } from '@/lib/plan/model/model';

/** Returns a key for the effect of a step, independent of its position. */
function stepKey(step: Step): string {
  return JSON.stringify({ ...step, id: undefined, needs: undefined, undoes: undefined });
}

type RevisionDiffProps = {
  readonly plan: Plan;
  /** The previous revision and its number. */
  readonly before: { readonly plan: Plan; readonly number: number };
};

/** The steps added and removed between two revisions of a diversion. */
export function RevisionDiff({ plan, before }: RevisionDiffProps) {
  const t = useTranslations('diversions.compare');
  const old = new Set(before.plan.steps.map(stepKey));
  const now = new Set(plan.steps.map(stepKey));
  const added = plan.steps.filter((step) => !old.has(stepKey(step)));
  const removed = before.plan.steps.filter((step) => !now.has(stepKey(step)));
  return (
    <Panel title={t('title', { number: before.number })}>
      {added.length + removed.length === 0 ? <p className="text-12 text-ink-2">{t('none')}</p> : null}
      <StepLines sign="−" label={t('removed')} steps={removed} />
      <StepLines sign="+" label={t('added')} steps={added} />
    </Panel>
  );
}

type StepLinesProps = { readonly sign: string; readonly label: string; readonly steps: readonly Step[] };

function StepLines({ sign, label, steps }: StepLinesProps) {
  if (steps.length === 0) return null;
  return (
    <ul aria-label={label} className="grid gap-0.5 text-12">
      {steps.map((step) => (
        <li key={step.id} className="flex gap-2">
          <span aria-hidden className="w-3 shrink-0 text-center font-semibold text-ink-3">
            {sign}
          </span>
          <span className="min-w-0">
            <StepTitle step={step} />{' '}
            <span className="text-ink-3">
              <StepDetail step={step} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
