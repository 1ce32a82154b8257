import { createTranslator } from 'next-intl';
import plan from '@/lib/messages/en/plan.json';
import type { Step } from '@/lib/plan/model';
import { stepWords } from '@/lib/plan/words';

const translate = createTranslator({ locale: 'en', messages: { plan }, namespace: 'plan.step' });

/** A step in words, as pages say it, for what is no page. */
export function stepText(step: Step): string {
  const { key, values } = stepWords(step);
  return translate(key as Parameters<typeof translate>[0], values);
}
