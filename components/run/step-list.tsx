import { StepTitle } from '@/components/plan/step-title';
import type { StepView } from '@/lib/run/model';

type StepListProps = {
  readonly title: string;
  readonly views: readonly StepView[];
  /** Those of them whose effect is not known, and what to say of them. */
  readonly unsure: readonly StepView[];
  readonly unsureNote: string;
};

/** Steps that a command is about, as a dialog lists them before it is given. */
export function StepList({ title, views, unsure, unsureNote }: StepListProps) {
  return (
    <div className="text-12">
      <h3 className="text-12">{title}</h3>
      <ol className="mt-1 grid list-decimal gap-0.5 pl-5 text-ink-2">
        {views.map((view) => (
          <li key={view.step.id}>
            <StepTitle step={view.step} />
            {unsure.includes(view) ? <span className="text-warn-ink"> ({unsureNote})</span> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}
