import { stableText } from './same-value';

/** Returns a list without some items, each removed as often as it occurs in `off`. Items are compared by value. */
export function itemsWithout(items: readonly unknown[], off: readonly unknown[]): readonly unknown[] {
  const left = new Map<string, number>();
  for (const item of off) left.set(stableText(item), (left.get(stableText(item)) ?? 0) + 1);
  return items.filter((item) => {
    const text = stableText(item);
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count === 0;
  });
}
