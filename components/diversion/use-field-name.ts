import { useTranslations } from 'next-intl';
import type { SplitField } from '@/lib/diversion/split';

/** Names a field as people see it: "Domain B: Listener". */
export function useFieldName(): (field: SplitField) => string {
  const t = useTranslations('diversion');
  return (field) => {
    const [lane, name] = field.split('.');
    if (name === undefined) return t('planSoFar.missingName');
    return t('planSoFar.missingField', { lane: t(`laneShort.${lane}`), field: t(`field.${name}`) });
  };
}
