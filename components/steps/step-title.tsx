import { useAnyKey } from '@/lib/messages/use-any-key';
import type { Step } from '@/lib/plan/model/model';
import { stepWords } from '@/lib/plan/model/words';
import { useSpoken } from './use-spoken';

/** The text of a step: its action and its object. */
export function StepTitle({ step }: { readonly step: Step }) {
  const t = useAnyKey('plan.step');
  const spoken = useSpoken();
  const { key, values } = stepWords(step);
  return t(key, spoken(values));
}
