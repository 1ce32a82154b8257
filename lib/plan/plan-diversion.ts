import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import type { Result } from '@/lib/result';
import type { Plan } from './model';
import { planSplit } from './plan-split';
import { planSwitch } from './plan-switch';
import type { PlanProblem } from './resolve-lane';

/**
 * Plans a diversion of any kind over an estate. Pure: the same inputs give the same plan.
 * @param input.keepAliveS how long clients may keep a connection open, in seconds.
 * @returns the plan, or every choice that could not be found in the estate.
 */
export function planDiversion(input: {
  estate: Estate;
  diversion: Diversion;
  keepAliveS: number;
}): Result<Plan, readonly PlanProblem[]> {
  const { diversion } = input;
  return diversion.kind === 'split'
    ? planSplit({ ...input, diversion })
    : planSwitch({ ...input, diversion });
}
