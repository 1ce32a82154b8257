import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { focusField } from '@/components/diversion/draft/field-id';
import { PlannedSteps, PlanProblems } from '@/components/diversion/findings/planned-steps';
import { useFieldName } from '@/components/findings/use-field-name';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import { useDebounced } from '@/components/ui/use-debounced';
import type { Draft, EditorField } from '@/lib/draft/draft';
import type { PlanPreview } from '@/lib/draft/preview-model';

/** The time after which a running check is shown, in ms. */
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
          plan.plan.steps.length === 0 ? (
            <p className="px-4 py-3 text-12 text-ink-2">{t('none')}</p>
          ) : (
            <PlannedSteps plan={plan.plan} />
          )
        ) : plan.state === 'incomplete' ? (
          <MissingFields draft={draft} fields={plan.missing} />
        ) : (
          <PlanProblems problems={plan.problems} />
        )}
      </div>
    </Panel>
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
