import type { ReactNode } from 'react';
import { PhaseHead } from '@/components/steps/phase-head';
import { groupSteps, groupWave } from '@/components/steps/step-groups';
import { StepTitle } from '@/components/steps/step-title';
import type { Phase } from '@/lib/diversion/phase';
import { listWaves } from '@/lib/diversion/routes';
import type { Plan, Step, StepId } from '@/lib/plan/model/model';
import type { Direction } from '@/lib/run/model/model';

/** The steps of one phase, or of one wave of it, with all that never changes. */
type OutlinedGroup = {
  readonly phase: Phase;
  readonly head: ReactNode;
  readonly steps: readonly OutlinedStep[];
};
export type OutlinedStep = { readonly id: StepId; readonly title: ReactNode };
export type PlanOutline = Readonly<Record<Direction, readonly OutlinedGroup[]>>;

/**
 * Returns the headings and titles of a plan's steps. The server renders them: a plan never changes, so the browser
 * needs neither the rules nor the texts that make them.
 */
export function outlineSteps({ steps, rollback, diversion }: Plan): PlanOutline {
  const waves = listWaves(diversion);
  const outline = (list: readonly Step[]) =>
    groupSteps(list).map((group, index) => ({
      phase: group.phase,
      head: <PhaseHead phase={group.phase} isFirst={index === 0} wave={groupWave(list, group, waves)} />,
      steps: group.steps.map(({ step }) => ({ id: step.id, title: <StepTitle step={step} /> })),
    }));
  return { apply: outline(steps), rollback: outline(rollback) };
}
