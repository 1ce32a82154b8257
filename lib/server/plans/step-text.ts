import { createTranslator } from 'next-intl';
import plan from '@/lib/messages/en/plan.json';
import type { Step } from '@/lib/plan/model/model';
import { stepWords } from '@/lib/plan/model/words';

const translate = createTranslator({ locale: 'en', messages: { plan }, namespace: 'plan.step' });

/** Describes a step in the words of the pages, for other uses. */
export function stepText(step: Step): string {
  const { key, values } = stepWords(step);
  return translate(key as Parameters<typeof translate>[0], values);
}
