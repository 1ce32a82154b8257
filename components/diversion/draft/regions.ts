import { useTranslations } from 'next-intl';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import type { Estate } from '@/lib/estate/model';

/**
 * Returns the wanted region, otherwise one where functions exist and can be bound, otherwise one where they can be
 * bound.
 */
export function firstRegion(
  { regions, functions }: Pick<Estate, 'regions' | 'functions'>,
  wanted?: string,
): string {
  if (wanted !== undefined && regions.includes(wanted)) return wanted;
  const open = regions.filter((region) => scfBindingSupport(region) === 'supported');
  return open.find((region) => functions.some((fn) => fn.region === region)) ?? open[0] ?? regions[0] ?? '';
}

/** Returns the regions as options of a list. Those where functions can't be bound get a hint. */
export function useRegionOptions({ regions }: Pick<Estate, 'regions'>) {
  const t = useTranslations('diversion.createFunction');
  return regions.map((region) => ({
    value: region,
    label: region,
    hint: scfBindingSupport(region) === 'unsupported' ? t('noFunctions') : '',
  }));
}
