import { numberSteps } from '@/components/steps/step-groups';
import type { Probe } from '@/lib/estate/probe';
import type { RunView } from '@/lib/run/model/model';
import { isOver } from '@/lib/run/model/run-effects';
import { currentSteps } from '@/lib/run/model/run-phases';

/** One bar of the chart of durations, in seconds. Only writes are numbered. */
export type StepDuration = {
  readonly id: string;
  readonly seconds: number;
  readonly forecastS: number;
} & (
  | { readonly number: number; readonly action: string }
  | { readonly number: null; readonly kind: Probe['kind'] }
);

/** Returns the calls and probes that have ended, in order. Waits are left out, because their duration is intended. */
export function stepDurations(run: RunView): readonly StepDuration[] {
  const views = currentSteps(run);
  return numberSteps(views.map((view) => view.step)).flatMap(({ step, number }): StepDuration[] => {
    const view = views.find((each) => each.step.id === step.id);
    if (view === undefined || !isOver(view) || step.kind === 'drain' || step.kind === 'bake') return [];
    const bar = { id: step.id, seconds: view.durationMs / 1000, forecastS: step.forecastMs / 1000 };
    if (step.kind === 'probe') return [{ ...bar, number: null, kind: step.probe.kind }];
    return number === null ? [] : [{ ...bar, number, action: step.call.action }];
  });
}

/** Returns the longest duration, for the sentence that describes the chart. */
export function longest(durations: readonly StepDuration[]): StepDuration | undefined {
  return durations.toSorted((a, b) => b.seconds - a.seconds)[0];
}
