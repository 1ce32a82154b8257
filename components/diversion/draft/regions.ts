import { useTranslations } from 'next-intl';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import type { Estate } from '@/lib/estate/model';

/** Returns the regions as options of a list. Those where functions can't be bound get a hint. */
export function useRegionOptions({ regions }: Pick<Estate, 'regions'>) {
  const t = useTranslations('diversion.createFunction');
  return regions.map((region) => ({
    value: region,
    label: region,
    hint: scfBindingSupport(region) === 'unsupported' ? t('noFunctions') : '',
  }));
}
