import { type Cutover, prewarmAt } from '@/lib/diversion/cutover';
import { type Freeze, intervalsOf } from '@/lib/diversion/freeze';
import type { Phase } from '@/lib/diversion/phase';
import type { Plan, Step } from '@/lib/plan/model';

/** When a phase begins and ends by forecast, in epoch ms; `to` null = it has no end. */
export type PhaseTime = { readonly phase: Phase; readonly from: number; readonly to: number | null };

/** How long the steps of a phase take by forecast, in ms. */
export function phaseForecastMs(steps: readonly Step[], phase: Phase): number {
  return steps.filter((step) => step.phase === phase).reduce((sum, step) => sum + step.forecastMs, 0);
}

/** The phases of a plan on a clock. Without a T1 it holds for good. */
export function phaseTimes(
  plan: Plan,
  cutover: Pick<Cutover, 't0' | 't1' | 'prewarmS'>,
): readonly PhaseTime[] {
  const t0 = Date.parse(cutover.t0);
  const diverted = t0 + phaseForecastMs(plan.steps, 'divert');
  const verified = diverted + phaseForecastMs(plan.steps, 'verify');
  const there: readonly PhaseTime[] = [
    { phase: 'prewarm', from: prewarmAt(cutover).getTime(), to: t0 },
    { phase: 'divert', from: t0, to: diverted },
    { phase: 'verify', from: diverted, to: verified },
  ];
  if (cutover.t1 === null) return [...there, { phase: 'hold', from: verified, to: null }];
  const t1 = Date.parse(cutover.t1);
  const reverted = t1 + phaseForecastMs(plan.revert, 'revert');
  return [
    ...there,
    { phase: 'hold', from: verified, to: t1 },
    { phase: 'revert', from: t1, to: reverted },
    { phase: 'drain', from: reverted, to: reverted + phaseForecastMs(plan.revert, 'drain') },
  ];
}

/** The freeze windows that take any of the time in which the divert moves traffic: the server refuses them. */
export function freezesMet(plan: Plan, t0: string, freezes: readonly Freeze[]): readonly Freeze[] {
  const from = Date.parse(t0);
  const moves = plan.steps.filter((step) => step.phase !== 'prewarm');
  const to =
    from +
    Math.max(
      1,
      moves.reduce((sum, step) => sum + step.forecastMs, 0),
    );
  return freezes.filter(({ span }) => intervalsOf(span, from, to).length > 0);
}
