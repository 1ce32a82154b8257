import { textOf } from './same-value';

/** A list without some things, each taken off as often as it stands among `off`. Things are the same if they say the same. */
export function itemsWithout(items: readonly unknown[], off: readonly unknown[]): readonly unknown[] {
  const left = new Map<string, number>();
  for (const item of off) left.set(textOf(item), (left.get(textOf(item)) ?? 0) + 1);
  return items.filter((item) => {
    const text = textOf(item);
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count === 0;
  });
}
