import type { Rule } from '@/lib/estate/model';
import { targetText } from '@/lib/estate/target';
import type { Stock } from './stock';

const sorted = (rule: Rule): Rule => ({
  ...rule,
  targets: rule.targets.toSorted((a, b) => (targetText(a) < targetText(b) ? -1 : 1)),
});

/** Returns true if two stocks are the same except for the times of change and the order of lists. */
export function sameStock(a: Stock, b: Stock): boolean {
  const text = ({ rules, records, loadBalancers, listeners, provisioned }: Stock) => {
    const plain = records.map((record) => ({ ...record, updatedAt: '' }));
    const things = [...rules.map(sorted), ...plain, ...loadBalancers, ...listeners, ...provisioned];
    return things.map((thing) => JSON.stringify(thing)).sort();
  };
  return text(a).join() === text(b).join();
}
