import type { Estate, ScfFunction } from '@/lib/estate/model';

/** Returns the functions that are bound to at least one rule of their region. */
export function boundFunctions(estate: Estate): readonly ScfFunction[] {
  const regions = new Map(estate.loadBalancers.map(({ id, region }) => [id, region]));
  const bound = new Set(
    estate.rules.flatMap((rule) => {
      const region = regions.get(rule.loadBalancerId);
      return rule.functions.map((f) => `${region}/${f.namespace}/${f.name}`);
    }),
  );
  return estate.functions.filter((f) => bound.has(`${f.region}/${f.namespace}/${f.name}`));
}
