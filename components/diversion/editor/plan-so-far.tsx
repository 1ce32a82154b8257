import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { focusField } from '@/components/diversion/draft/field-id';
import { useFieldName } from '@/components/findings/use-field-name';
import { numberSteps } from '@/components/steps/step-groups';
import { StepTitle } from '@/components/steps/step-title';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import { useDebounced } from '@/components/ui/use-debounced';
import type { Draft, EditorField } from '@/lib/draft/draft';
import type { PlanPreview } from '@/lib/draft/preview-model';

/** A check that takes longer than this is said to be under way, in ms. */
const slowMs = 1000;

type PlanSoFarProps = {
  readonly draft: Draft;
  readonly plan: PlanPreview;
  /** True while the server checks the draft: the plan is that of an earlier one. */
  readonly isChecking: boolean;
};

/** The steps planned so far, or the choices that are still missing. */
export function PlanSoFar({ draft, plan, isChecking }: PlanSoFarProps) {
  const t = useTranslations('diversion.planSoFar');
  const isSlow = useDebounced(isChecking, slowMs) && isChecking;
  const count = plan.state === 'ready' ? plan.plan.steps.filter((step) => step.kind === 'write').length : 0;
  return (
    <Panel
      title={t('title')}
      flush
      aside={
        <>
          <span role="status" className="text-12 text-ink-2">
            {isSlow ? (
              <span className="inline-flex items-center gap-1.5">
                <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
                {t('checking')}
              </span>
            ) : null}
          </span>
          <span className="text-12 text-ink-3">{t('steps', { count })}</span>
        </>
      }
    >
      <div aria-busy={isChecking || undefined}>
        {plan.state === 'ready' ? (
          <PlannedSteps plan={plan.plan} />
        ) : plan.state === 'incomplete' ? (
          <MissingFields draft={draft} fields={plan.missing} />
        ) : (
          <Problems problems={plan.problems} />
        )}
      </div>
    </Panel>
  );
}

function PlannedSteps({ plan }: { readonly plan: Extract<PlanPreview, { state: 'ready' }>['plan'] }) {
  const t = useTranslations('diversion.planSoFar');
  const phase = useTranslations('plan.phase');
  if (plan.steps.length === 0) return <p className="px-4 py-3 text-12 text-ink-2">{t('none')}</p>;
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

type MissingFieldsProps = { readonly draft: Draft; readonly fields: readonly EditorField[] };

function MissingFields({ draft, fields }: MissingFieldsProps) {
  const t = useTranslations('diversion.planSoFar');
  const fieldName = useFieldName(draft);
  return (
    <div className="px-4 py-3 text-12 text-ink-2">
      <p>{t('missing')}</p>
      <ul className="mt-1 grid">
        {fields.map((field) => (
          <li key={field}>
            <TextButton className="min-h-6" onClick={() => focusField(field)}>
              {fieldName(field)}
            </TextButton>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Problems({
  problems,
}: {
  readonly problems: Extract<PlanPreview, { state: 'problems' }>['problems'];
}) {
  const t = useTranslations('plan.problem');
  return (
    <ul className="grid gap-1 px-4 py-3 text-12 text-bad-ink">
      {problems.map((problem) => (
        <li key={problem.field}>{t(problem.message)}</li>
      ))}
    </ul>
  );
}
