import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import { type Freeze, listIntervals } from '@/lib/diversion/freeze-times';
import type { Phase } from '@/lib/diversion/phase';
import type { Plan } from '@/lib/plan/model/model';
import { forecastSeconds } from '@/lib/plan/model/timeline';

/** The start and end of a phase by forecast, in epoch ms; `to` null = it has no end. */
export type PhaseTime = { readonly phase: Phase; readonly from: number; readonly to: number | null };

/** Returns the scheduled phases of a plan. Without a T1 the hold has no end. */
export function phaseTimes(
  plan: Pick<Plan, 'steps' | 'rollback'>,
  cutover: Pick<Cutover, 't0' | 't1' | 'prewarmS'>,
): readonly PhaseTime[] {
  const t0 = Date.parse(cutover.t0);
  const diverted = t0 + forecastSeconds(plan.steps, ['divert']);
  const verified = diverted + forecastSeconds(plan.steps, ['verify']);
  const there: readonly PhaseTime[] = [
    { phase: 'prewarm', from: prewarmAt(cutover).getTime(), to: t0 },
    { phase: 'divert', from: t0, to: diverted },
    { phase: 'verify', from: diverted, to: verified },
  ];
  if (cutover.t1 === null) return [...there, { phase: 'diverted', from: verified, to: null }];
  const t1 = Date.parse(cutover.t1);
  const rolledBack = t1 + forecastSeconds(plan.rollback, ['rollback']);
  return [
    ...there,
    { phase: 'diverted', from: verified, to: t1 },
    { phase: 'rollback', from: t1, to: rolledBack },
    { phase: 'drain', from: rolledBack, to: rolledBack + forecastSeconds(plan.rollback, ['drain']) },
  ];
}

/** Returns the freeze windows that overlap the time in which the divert moves traffic; the server rejects these. */
export function freezesMet(
  plan: Pick<Plan, 'steps'>,
  t0: string,
  freezes: readonly Freeze[],
): readonly Freeze[] {
  const from = Date.parse(t0);
  const to = from + Math.max(1, forecastSeconds(plan.steps, ['divert', 'verify']));
  return freezes.filter(({ span }) => listIntervals(span, from, to).length > 0);
}
