import type { CvmRoute } from '@/lib/diversion/route';
import { isIpAddress } from '@/lib/estate/address';
import type { Target } from '@/lib/estate/model';
import { isSameTarget } from '@/lib/estate/target';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { CheckInput } from '@/lib/preflight/model/model';

/** A route to CVM with its targets: those already on its rule, and those that the plan adds. */
type CvmTargets = {
  readonly resolved: ResolvedRoute<CvmRoute>;
  readonly bound: readonly Target[];
  readonly added: CvmRoute['addTargets'];
};

/**
 * Returns the routes that targets serve. A target that the rule already has (same server or address, and port) is not
 * added again. An address that is still being typed is ignored.
 */
export function listCvmRoutes({ routes }: CheckInput): readonly CvmTargets[] {
  return routes.flatMap((resolved): CvmTargets[] => {
    const { route, rule } = resolved;
    if (route.to !== 'cvm') return [];
    const bound = rule?.targets ?? [];
    const added = route.addTargets.filter(
      (target) =>
        (target.eniIp === undefined || isIpAddress(target.eniIp)) &&
        !bound.some((other) => isSameTarget(other, target)),
    );
    return [{ resolved: { ...resolved, route }, bound, added }];
  });
}
