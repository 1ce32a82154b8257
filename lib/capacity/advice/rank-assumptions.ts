import {
  type CapacityAssumptionName,
  CapacityAssumptions,
  capacityAssumptions,
} from '@/lib/capacity/scenario/assumptions';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { type CaseOutcome, caseOutcome, coarsen } from './try-scenario';

/** An assumption with what other values of it would change. */
export type SensitivityRow = {
  readonly name: CapacityAssumptionName;
  readonly current: string | number;
  readonly others: readonly (CaseOutcome & { readonly value: string | number })[];
  /** The largest change of the refused share, in absolute terms, and of the cost relative to it. */
  readonly refusedBy: number;
  readonly costBy: number;
  /** True if another value changes whether the goals are met. */
  readonly changesResult: boolean;
};

/**
 * Returns the assumptions by their influence: first those that decide whether the goals are met, then by the change of
 * the refused share, then of the wait and the cost. Those without an influence are left out.
 */
export function rankAssumptions(scenario: CapacityScenario): readonly SensitivityRow[] {
  const coarse = coarsen(scenario);
  const base = caseOutcome(simulateCapacity(coarse));
  const names = Object.keys(capacityAssumptions).filter((name): name is CapacityAssumptionName =>
    Object.hasOwn(capacityAssumptions, name),
  );
  const rows = names.map((name): SensitivityRow & { readonly waitBy: number } => {
    const row = capacityAssumptions[name];
    const current = scenario.assumptions[name];
    const values: readonly (string | number)[] = row.kind === 'amount' ? [row.low, row.high] : row.choices;
    const others = values
      .filter((value) => value !== current)
      .map((value) => {
        const assumptions = CapacityAssumptions.parse({ ...scenario.assumptions, [name]: value });
        return { value, ...caseOutcome(simulateCapacity({ ...coarse, assumptions })) };
      });
    const most = (change: (other: CaseOutcome) => number) => Math.max(0, ...others.map(change));
    return {
      name,
      current,
      others,
      refusedBy: most(({ refusedShare }) => Math.abs(refusedShare - base.refusedShare)),
      waitBy: most(({ waitP95Ms }) => Math.abs(waitP95Ms - base.waitP95Ms)),
      costBy: base.cost > 0 ? most(({ cost }) => Math.abs(cost / base.cost - 1)) : 0,
      changesResult: others.some(({ areGoalsMet }) => areGoalsMet !== base.areGoalsMet),
    };
  });
  return rows
    .filter(({ refusedBy, waitBy, costBy }) => refusedBy > 1e-6 || waitBy > 0.1 || costBy > 1e-4)
    .toSorted(
      (a, b) =>
        Number(b.changesResult) - Number(a.changesResult) ||
        b.refusedBy - a.refusedBy ||
        b.waitBy - a.waitBy ||
        b.costBy - a.costBy,
    )
    .map(({ waitBy: _, ...row }) => row);
}
