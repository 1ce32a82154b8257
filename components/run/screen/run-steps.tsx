import { useTranslations } from 'next-intl';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { VirtualItems } from '@/components/ui/tables/virtual-items';
import type { StepId } from '@/lib/plan/model/model';
import type { StepView } from '@/lib/run/model/model';
import { isOver } from '@/lib/run/model/run-effects';
import type { OutlinedStep, PlanOutline } from './outline-steps';
import { type NumberedView, RunStep } from './run-step';

type RunStepsProps = {
  readonly title: string;
  readonly outline: PlanOutline[keyof PlanOutline];
  readonly views: readonly StepView[];
};

const idOf = ({ id }: OutlinedStep) => id;
/** The usual height of a step in px. */
const stepPx = 54;

/** Numbers the writes among the steps of a run, from 1. */
function numberViews(views: readonly StepView[]): ReadonlyMap<StepId, NumberedView> {
  const numbered = new Map<StepId, NumberedView>();
  let number = 0;
  for (const view of views) {
    if (view.step.kind === 'write') number += 1;
    numbered.set(view.step.id, { view, number: view.step.kind === 'write' ? number : null });
  }
  return numbered;
}

/** The steps of one direction with their state, in order. A run may leave out steps of its plan: those after its T1. */
export function RunSteps({ title, outline, views }: RunStepsProps) {
  const t = useTranslations('run.steps');
  const over = views.filter(isOver);
  const byId = numberViews(views);
  const groups = outline
    .map((group) => ({ ...group, steps: group.steps.filter(({ id }) => byId.has(id)) }))
    .filter(({ steps }) => steps.length > 0);
  return (
    <Panel
      title={title}
      flush
      aside={
        <span className="text-12 text-ink-3">
          {t('count', {
            done: over.length,
            all: views.length,
            duration: formatDuration(over.reduce((sum, view) => sum + view.durationMs, 0)),
          })}
        </span>
      }
    >
      {groups.map((group) => (
        <section key={group.steps[0]?.id} aria-label={group.phase}>
          {group.head}
          <VirtualItems
            as="ol"
            items={group.steps}
            itemId={idOf}
            itemPx={stepPx}
            item={(step, place) => {
              const numbered = byId.get(step.id);
              return numbered && <RunStep key={step.id} {...numbered} title={step.title} place={place} />;
            }}
          />
        </section>
      ))}
    </Panel>
  );
}
