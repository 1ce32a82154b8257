import type { CvmRoute } from '@/lib/diversion/route';
import type { Target } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/resolve-route';
import type { CheckInput } from './model';

/** A route to CVM with its targets: those on its rule, and those that the plan adds to them. */
type CvmTargets = {
  readonly resolved: ResolvedRoute<CvmRoute>;
  readonly bound: readonly Target[];
  readonly added: CvmRoute['addTargets'];
};

/** The routes that CVM targets serve. What is on a rule already by its instance and port is not added again. */
export function cvmRoutesOf({ routes }: CheckInput): readonly CvmTargets[] {
  return routes.flatMap((resolved): CvmTargets[] => {
    const { route, rule } = resolved;
    if (route.to !== 'cvm') return [];
    const bound = rule?.targets ?? [];
    const isBound = ({ instanceId, port }: { readonly instanceId: string; readonly port: number }) =>
      bound.some((target) => target.instanceId === instanceId && target.port === port);
    const added = route.addTargets.filter((target) => !isBound(target));
    return [{ resolved: { ...resolved, route }, bound, added }];
  });
}
