import type { DriftedView, ExpectedBy } from '@/lib/client/drift-views';

/** Groups drift by the plan whose baseline it differs from; the plan that wrote last comes first. */
export function groupByPlan(
  drifted: readonly DriftedView[],
): readonly { readonly by: ExpectedBy; readonly items: readonly [DriftedView, ...DriftedView[]] }[] {
  const groups = new Map<string, [DriftedView, ...DriftedView[]]>();
  for (const item of drifted) {
    const known = groups.get(item.by.planId);
    if (known === undefined) groups.set(item.by.planId, [item]);
    else known.push(item);
  }
  return [...groups.values()]
    .map((items) => ({ by: items[0].by, items }))
    .sort((a, b) => b.by.leftAt.localeCompare(a.by.leftAt));
}
