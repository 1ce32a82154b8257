import type { Cutover, CutoverRequest } from '@/lib/diversion/cutover';
import { fitGuard, type MeasureLags } from '@/lib/diversion/guard-lag';
import type { Plan } from './model/model';
import { forecastSeconds } from './model/timeline';

/** The defaults of a policy; prewarm in seconds, null = twice the forecast of its steps. */
type CutoverDefaults = Pick<Cutover, 'missedT0' | 'guards'> & { readonly prewarmS: number | null };

/** The parts of a plan that decide when its prewarm starts. */
type PrewarmPlan = {
  readonly steps: Plan['steps'];
  readonly diversion: Pick<Plan['diversion'], 'prewarmS'>;
};

/**
 * Returns the default lead time of prewarm in seconds: that of the diversion, or else of the policy, but at least the
 * forecast of its steps. If neither has one, it is twice the forecast, in whole minutes.
 */
export function prewarmLeadS(
  { steps, diversion }: PrewarmPlan,
  { prewarmS }: Pick<CutoverDefaults, 'prewarmS'>,
): number {
  const forecastS = forecastSeconds(steps, ['prewarm']) / 1000;
  const statedS = diversion.prewarmS ?? prewarmS;
  return statedS === null
    ? Math.max(60, Math.ceil((2 * forecastS) / 60) * 60)
    : Math.max(statedS, Math.ceil(forecastS));
}

/**
 * Returns the part of a plan's cutover that its diversion and its policy decide. A guard's period is at least as long as the lag of its
 * measure requires, up to the longest of a guard.
 * @param lags as measured with the plan's traffic
 */
export function defaultCutover(
  plan: PrewarmPlan,
  policy: CutoverDefaults,
  lags: MeasureLags,
): Pick<Cutover, 'prewarmS' | 'missedT0' | 'guards'> {
  return {
    prewarmS: prewarmLeadS(plan, policy),
    missedT0: policy.missedT0,
    guards: policy.guards.map((guard) => fitGuard(guard, lags)),
  };
}

/**
 * Returns a requested schedule with its guards: its own, or else those of the policy without the ones that it leaves out.
 * Which guards of the policy are missing is part of it, so that it is shown wherever the schedule is.
 * @param lags as measured with the plan's traffic
 */
export function withPolicyGuards(
  { guards: own, withoutGuards = [], ...rest }: CutoverRequest,
  plan: PrewarmPlan,
  policy: CutoverDefaults,
  lags: MeasureLags,
): Cutover {
  const usual = defaultCutover(plan, policy, lags).guards;
  const guards = own ?? usual.filter(({ measure }) => !withoutGuards.includes(measure));
  const left = new Set(usual.map(({ measure }) => measure));
  for (const { measure } of guards) left.delete(measure);
  return { ...rest, guards, ...(left.size === 0 ? {} : { withoutGuards: [...left] }) };
}
