import type { PlanView } from '@/lib/contract/plan';
import type { Cutover } from '@/lib/diversion/cutover';
import { trafficLags } from '@/lib/diversion/guard-lag';
import { defaultCutover } from '@/lib/plan/default-cutover';

/** The time between now and the T0 of a default schedule, besides prewarm, in ms. */
const leadMs = 600_000;
const holdMs = 7_200_000;

/**
 * Returns the usual schedule of a plan: soon, for two hours; null = at once, for a plan that restores objects, whose
 * rollback would bring the drift back.
 */
export function usualCutover(
  {
    plan,
    policy,
    traffic,
    figureIntervals,
  }: Pick<PlanView, 'plan' | 'policy' | 'traffic' | 'figureIntervals'>,
  now: number,
): Cutover | null {
  if (plan.restores !== undefined) return null;
  const usual = defaultCutover(plan, policy, trafficLags(traffic, figureIntervals));
  const t0 = Math.ceil((now + leadMs + usual.prewarmS * 1000) / 60_000) * 60_000;
  const iso = (ms: number) => new Date(ms).toISOString();
  return { ...usual, t0: iso(t0), t1: iso(t0 + holdMs), zone: policy.zone ?? 'UTC' };
}
