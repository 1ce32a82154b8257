import type { CvmRoute } from '@/lib/diversion/route';
import type { Target } from '@/lib/estate/model';
import { isSameTarget } from '@/lib/estate/target';
import type { ResolvedRoute } from '@/lib/plan/resolve-route';
import type { CheckInput } from './model';

/** A route to CVM with its targets: those on its rule, and those that the plan adds to them. */
type CvmTargets = {
  readonly resolved: ResolvedRoute<CvmRoute>;
  readonly bound: readonly Target[];
  readonly added: CvmRoute['addTargets'];
};

/** Returns the routes that targets serve. What is on a rule already by its server or address and port is not added again. */
export function cvmRoutesOf({ routes }: CheckInput): readonly CvmTargets[] {
  return routes.flatMap((resolved): CvmTargets[] => {
    const { route, rule } = resolved;
    if (route.to !== 'cvm') return [];
    const bound = rule?.targets ?? [];
    const added = route.addTargets.filter((target) => !bound.some((other) => isSameTarget(other, target)));
    return [{ resolved: { ...resolved, route }, bound, added }];
  });
}
