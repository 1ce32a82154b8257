import { scfBindingSupport } from '@/lib/estate/facts/regions';
import type { Estate } from '@/lib/estate/model';

/**
 * Returns the region to begin with: one where functions exist and can be bound, otherwise one where they can be bound.
 */
export function firstRegion({ regions, functions }: Pick<Estate, 'regions' | 'functions'>): string {
  const open = regions.filter((region) => scfBindingSupport(region) === 'supported');
  return open.find((region) => functions.some((fn) => fn.region === region)) ?? open[0] ?? regions[0] ?? '';
}
