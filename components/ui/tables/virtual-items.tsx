'use client';

import { lazy, type ReactNode, useMemo } from 'react';
import type { ItemPlace } from './long-list';
import { usePrinting } from './use-printing';

type VirtualItemsProps<Item> = {
  readonly as: 'ol' | 'ul';
  readonly items: readonly Item[];
  /** The id of an item's `li`, the target of links. */
  readonly itemId: (item: Item) => string;
  /** The estimated height of an item in px; each is measured once rendered. */
  readonly itemPx: number;
  readonly item: (item: Item, place: ItemPlace) => ReactNode;
};

/** From this number of items on, only those on the screen are rendered. */
const virtualFrom = 100;

/** Loaded only for long lists, so that pages with short ones stay small. */
const LongList = lazy(async () => ({ default: (await import('./long-list')).LongList }));

/** A list that scrolls with the page. A long one renders only visible items, and all of them for printing. */
export function VirtualItems<Item>(props: VirtualItemsProps<Item>) {
  const { as: List, items, itemId, itemPx, item } = props;
  const isPrinting = usePrinting();
  const ids = useMemo(() => items.map(itemId), [items, itemId]);
  if (isPrinting || items.length < virtualFrom) return <List>{items.map((each) => item(each, {}))}</List>;
  return (
    <LongList
      as={List}
      ids={ids}
      itemPx={itemPx}
      item={(index, place) => {
        const each = items[index];
        return each === undefined ? null : item(each, place);
      }}
    />
  );
}
