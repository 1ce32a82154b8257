import type { RunView, StepView } from '@/lib/run/model';
import { currentSteps } from './run-phases';

/** One bar of the chart of durations, in seconds. */
export type StepDuration = {
  readonly id: string;
  readonly kind: StepView['step']['kind'];
  readonly seconds: number;
  readonly forecastS: number;
};

/** The durations of the steps that have ended, in their order, beside what was forecast. */
export function stepDurations(run: RunView): readonly StepDuration[] {
  return currentSteps(run).flatMap((view) =>
    view.durationMs === null
      ? []
      : [
          {
            id: view.step.id,
            kind: view.step.kind,
            seconds: view.durationMs / 1000,
            forecastS: view.step.forecastMs / 1000,
          },
        ],
  );
}

/** The longest of some durations, for the sentence that stands for the chart. */
export function longest(durations: readonly StepDuration[]): StepDuration | undefined {
  return durations.toSorted((a, b) => b.seconds - a.seconds)[0];
}
