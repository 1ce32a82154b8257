import type { Phase } from '@/lib/diversion/phase';
import type { NumberedWave, Wave } from '@/lib/diversion/wave';
import { objectKey } from '@/lib/estate/object-state';
import type { Step, StepId, WriteStep } from '@/lib/plan/model/model';
import { buildTimeline } from '@/lib/plan/model/timeline';

/** A step with its displayed number: writes are counted, probes and waits between them are not. */
export type NumberedStep = { readonly step: Step; readonly number: number | null };
export type StepGroup = {
  readonly phase: Phase;
  /** The wave that moves in these steps, from 1; null = the phase isn't divided. */
  readonly wave: number | null;
  readonly steps: readonly NumberedStep[];
};

/** Numbers the writes of a list from 1. */
export function numberSteps(steps: readonly Step[]): readonly NumberedStep[] {
  let number = 0;
  return steps.map((step) => {
    if (step.kind !== 'write') return { step, number: null };
    number += 1;
    return { step, number };
  });
}

/** The phases in which the waves move one after the other; other phases handle all names together. */
const wavePhases: readonly Phase[] = ['divert', 'verify', 'rollback'];

/** Groups steps in order by consecutive phase, and by wave where names move. */
export function groupSteps(steps: readonly Step[]): readonly StepGroup[] {
  const groups: { phase: Phase; wave: number | null; steps: NumberedStep[] }[] = [];
  for (const numbered of numberSteps(steps)) {
    const last = groups.at(-1);
    const { phase, wave: own = null } = numbered.step;
    const wave = wavePhases.includes(phase) ? own : null;
    if (last?.phase === phase && last.wave === wave) last.steps.push(numbered);
    else groups.push({ phase, wave, steps: [numbered] });
  }
  return groups;
}

/** Returns the wave of a group of a list of steps, with its forecast duration in ms; null = the group is of no wave. */
export function groupWave(
  steps: readonly Step[],
  group: StepGroup,
  waves: readonly Wave[],
): (NumberedWave & { readonly forecastMs: number }) | null {
  const number = group.wave;
  const wave = number === null ? undefined : waves[number - 1];
  if (number === null || wave === undefined) return null;
  const { times } = buildTimeline(steps);
  const spans = group.steps.flatMap(({ step }) => times.get(step.id) ?? []);
  const fromMs = Math.min(...spans.map((span) => span.fromMs));
  const toMs = Math.max(...spans.map((span) => span.toMs));
  return { names: wave.names, number, all: waves.length, forecastMs: toMs - fromMs };
}

/**
 * Returns the number of the step whose object an unknown id belongs to: the last one up to `until` that creates
 * something on the same object. null = no step of this list creates it; the executor reads it before the write.
 */
export function findMaker(steps: readonly Step[], until: WriteStep): number | null {
  const numbered = numberSteps(steps);
  const end = numbered.findIndex(({ step }) => step.id === until.id);
  const maker = numbered
    .slice(0, end + 1)
    .findLast(
      ({ step }) =>
        step.kind === 'write' &&
        step.call.action.startsWith('Create') &&
        objectKey(step.object) === objectKey(until.object),
    );
  return maker?.number ?? null;
}

/** Counts and times of a list of steps, in seconds. */
export type StepTotals = {
  readonly writes: number;
  readonly probes: number;
  /** Calls and probes; waits for old DNS answers, connections and bakes are counted separately. */
  readonly workS: number;
  readonly waitS: number;
  readonly services: readonly string[];
  readonly regions: readonly string[];
};

/** Summarizes a list of steps; the times assume that independent steps run in parallel. */
export function countSteps(steps: readonly Step[]): StepTotals {
  const writes = steps.filter((step) => step.kind === 'write');
  const { totalMs, waitMs } = buildTimeline(steps);
  return {
    writes: writes.length,
    probes: steps.filter((step) => step.kind === 'probe').length,
    workS: Math.ceil((totalMs - waitMs) / 1000),
    waitS: Math.ceil(waitMs / 1000),
    services: [...new Set(writes.map((step) => step.call.service))],
    regions: [...new Set(writes.flatMap((step) => step.call.region ?? []))],
  };
}

/** Finds a step by its id, with its number. */
export function findNumbered(steps: readonly Step[], id: StepId): NumberedStep | undefined {
  return numberSteps(steps).find(({ step }) => step.id === id);
}
