import 'server-only';
import { createTranslator } from 'next-intl';
import plan from '@/lib/messages/en/plan.json';
import { takeAnyKey } from '@/lib/messages/use-any-key';
import type { Step } from '@/lib/plan/model/model';
import { stepWords } from '@/lib/plan/model/words';

const translate = takeAnyKey(createTranslator({ locale: 'en', messages: { plan }, namespace: 'plan.step' }));

/** Describes a step in the words of the pages, for other uses. */
export function describeStep(step: Step): string {
  const { key, values } = stepWords(step);
  return translate(key, values);
}
