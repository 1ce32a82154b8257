import { useTranslations } from 'next-intl';
import { PhaseHead } from '@/components/steps/phase-head';
import { groupSteps } from '@/components/steps/step-groups';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import type { StepView } from '@/lib/run/model/model';
import { isOver } from '@/lib/run/model/run-effects';
import { RunStep } from './run-step';

type RunStepsProps = { readonly title: string; readonly views: readonly StepView[] };

/** The steps of one direction with their state, in order. */
export function RunSteps({ title, views }: RunStepsProps) {
  const t = useTranslations('run.steps');
  const took = views.reduce((sum, view) => sum + (view.durationMs ?? 0), 0);
  return (
    <Panel
      title={title}
      flush
      aside={
        <span className="text-12 text-ink-3">
          {t('count', {
            done: views.filter(isOver).length,
            all: views.length,
            duration: formatDuration(took),
          })}
        </span>
      }
    >
      {groupSteps(views.map((view) => view.step)).map((group, index) => (
        <section key={group.steps[0]?.step.id} aria-label={group.phase}>
          <PhaseHead phase={group.phase} isFirst={index === 0} />
          <ol>
            {group.steps.map(({ step, number }) => {
              const view = views.find((candidate) => candidate.step.id === step.id);
              return view === undefined ? null : <RunStep key={step.id} view={view} number={number} />;
            })}
          </ol>
        </section>
      ))}
    </Panel>
  );
}
