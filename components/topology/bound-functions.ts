import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';

/** The functions that at least one rule of their region is bound to. */
export function boundFunctions(estate: Estate): readonly ScfFunction[] {
  const bound = new Set(
    estate.rules.flatMap((rule) => {
      const region = findLoadBalancer(estate, rule.loadBalancerId)?.region;
      return rule.functions.map((f) => `${region}/${f.namespace}/${f.name}`);
    }),
  );
  return estate.functions.filter((f) => bound.has(`${f.region}/${f.namespace}/${f.name}`));
}
