'use client';

import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { type FocusEvent, useState } from 'react';

type Focused = { readonly key: string | number; readonly index: number };

/**
 * Keeps the item with the keyboard focus rendered when it scrolls out of a virtual list: otherwise the focus would be
 * lost, and the next Tab would start at the top of the page. Its neighbours stay, too, so that Tab continues from
 * there.
 * @param keyOf the key of an item, as its index may change while it has the focus
 * @returns the index of the focused item; null = outside of the list. The props are for the list, whose items have
 * their index as `data-index`; the extractor is for its virtualizer.
 */
export function useFocusedItem(count: number, keyOf: (index: number) => string | number) {
  const [focused, setFocused] = useState<Focused | null>(null);
  const index = focused === null ? null : findPlace(focused, count, keyOf);
  return {
    index,
    rangeExtractor: (range: Range): number[] => {
      const shown = defaultRangeExtractor(range);
      if (index === null) return shown;
      const kept = [index - 1, index, index + 1].filter((each) => each >= 0 && each < count);
      return [...new Set([...shown, ...kept])].toSorted((a, b) => a - b);
    },
    props: {
      onFocus: ({ target }: FocusEvent) => {
        const place = target.closest('[data-index]')?.getAttribute('data-index') ?? null;
        setFocused(place === null ? null : { key: keyOf(Number(place)), index: Number(place) });
      },
      onBlur: () => setFocused(null),
    },
  };
}

function findPlace(
  { key, index }: Focused,
  count: number,
  keyOf: (index: number) => string | number,
): number | null {
  if (index < count && keyOf(index) === key) return index;
  for (let other = 0; other < count; other += 1) if (keyOf(other) === key) return other;
  return null;
}
