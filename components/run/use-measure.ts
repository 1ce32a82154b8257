import { useTranslations } from 'next-intl';
import type { GuardMeasure } from '@/lib/diversion/cutover';

/** At most so many digits after the point as tell something. */
function rounded(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 100) / 100;
}

/** Names what guards watch, and writes a value of it with its unit. */
export function useMeasure() {
  const t = useTranslations('run.measure');
  return {
    name: (measure: GuardMeasure) => t(`name.${measure}`),
    of: (measure: GuardMeasure) => t(`of.${measure}`),
    format: (measure: GuardMeasure, value: number) => t(`value.${measure}`, { value: rounded(value) }),
  };
}
