import { StepTitle } from '@/components/steps/step-title';
import type { StepView } from '@/lib/run/model/model';

type StepListProps = {
  readonly title: string;
  readonly views: readonly StepView[];
  /** The steps among them whose effect is unknown, and the note about them. */
  readonly unsure: readonly StepView[];
  readonly unsureNote: string;
};

/** The steps that a command affects, listed in its dialog before it is sent. */
export function CommandStepList({ title, views, unsure, unsureNote }: StepListProps) {
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
