import type { CapacityResult } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { type RefusalCause, refusalCauses } from '@/lib/capacity/sides/causes';
import { largestMinuteShare, simulateCapacity } from '@/lib/capacity/simulate-capacity';

/** A search of a longer scenario simulates so many steps; what it finds is then verified with all of them. */
const searchStepsMost = 1000;

/** The numbers of a case that are compared. */
export type CaseOutcome = {
  readonly refused: number;
  readonly refusedShare: number;
  readonly waitP95Ms: number;
  readonly coldStartShare: number;
  readonly cost: number;
  readonly areGoalsMet: boolean;
};

/** Returns the numbers of a result that are compared. */
export function caseOutcome({ totals, cost, goals }: CapacityResult): CaseOutcome {
  return {
    refused: totals.refused,
    refusedShare: totals.refusedShare,
    waitP95Ms: totals.peakWaitP95S * 1000,
    coldStartShare: totals.coldStartShare,
    cost: cost.total,
    areGoalsMet: goals.areMet,
  };
}

/** Returns a scenario with longer steps, for a search; a short one stays as it is. */
export function coarsen(scenario: CapacityScenario): CapacityScenario {
  const stepS = Math.ceil(scenario.durationS / searchStepsMost);
  return stepS <= scenario.stepS ? scenario : { ...scenario, stepS };
}

/** Returns the causes of a result, the most frequent first, without those of less than 1 in 100,000 requests. */
export function listCauses({ totals }: CapacityResult): readonly RefusalCause[] {
  return refusalCauses
    .filter((cause) => totals.refusedBy[cause] > 1e-5 * totals.arrivals)
    .toSorted((a, b) => totals.refusedBy[b] - totals.refusedBy[a]);
}

/**
 * Returns whether the functions keep the goals, whatever the other side does: refusals for lack of memory or instances,
 * and cold starts.
 */
export function keepsFunctionGoals(scenario: CapacityScenario, result: CapacityResult): boolean {
  const { totals, series } = result;
  const { functionConcurrency, functionBurst } = totals.refusedBy;
  if (functionConcurrency + functionBurst > scenario.goals.refusedShare * totals.arrivals) return false;
  const columns = [series.refusedBy.functionConcurrency, series.refusedBy.functionBurst];
  const worst = largestMinuteShare(columns, series.arrivals, result.stepS);
  if (worst > scenario.goals.minuteRefusedShare) return false;
  const mostS = scenario.goals.waitP95Ms / 1000;
  return series.functionWaitP95S.every((waitS) => waitS <= mostS);
}

/** Returns whether the functions of a scenario keep the goals. */
export function doFunctionsHold(scenario: CapacityScenario): boolean {
  return keepsFunctionGoals(scenario, simulateCapacity(scenario));
}

/**
 * Returns the smallest whole number from `low` to `high` for which a condition holds that holds from some number on;
 * null = not even for `high`.
 * @param grain the result is less than this above the smallest
 */
export function findSmallest(
  low: number,
  high: number,
  holds: (value: number) => boolean,
  grain = 1,
): number | null {
  if (!holds(high)) return null;
  let [fails, works] = [low - 1, high];
  while (works - fails > grain) {
    const middle = Math.floor((fails + works) / 2);
    if (holds(middle)) works = middle;
    else fails = middle;
  }
  return works;
}
