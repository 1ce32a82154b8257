import { useTranslations } from 'next-intl';
import type { Step } from '@/lib/plan/model';
import { stepWords } from '@/lib/plan/words';

/** A step in words: what it does to which object. */
export function StepTitle({ step }: { readonly step: Step }) {
  const t = useTranslations('plan.step');
  const { key, values } = stepWords(step);
  return t(key, values);
}
