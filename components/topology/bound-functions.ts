import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';

/** Returns the functions that are bound to at least one rule of their region. */
export function boundFunctions(estate: Estate): readonly ScfFunction[] {
  const bound = new Set(
    estate.rules.flatMap((rule) => {
      const region = findLoadBalancer(estate, rule.loadBalancerId)?.region;
      return rule.functions.map((f) => `${region}/${f.namespace}/${f.name}`);
    }),
  );
  return estate.functions.filter((f) => bound.has(`${f.region}/${f.namespace}/${f.name}`));
}
