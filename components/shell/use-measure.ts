import { useTranslations } from 'next-intl';
import type { GuardMeasure } from '@/lib/diversion/cutover';

/** Rounds to the number of decimal places that matter. */
function rounded(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 100) / 100;
}

/** Names the measures of guards, and formats their values with units. */
export function useMeasure() {
  const t = useTranslations('run.measure');
  return {
    name: (measure: GuardMeasure) => t(`name.${measure}`),
    of: (measure: GuardMeasure) => t(`of.${measure}`),
    format: (measure: GuardMeasure, value: number) => t(`value.${measure}`, { value: rounded(value) }),
  };
}
