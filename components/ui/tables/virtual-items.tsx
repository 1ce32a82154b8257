'use client';

import type { ComponentProps, ReactNode } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { usePrinting } from './use-printing';

/** The place of an item in a long list: give all of it to its `li`. */
export type ItemPlace = Pick<ComponentProps<'li'>, 'ref' | 'aria-posinset' | 'aria-setsize'> & {
  readonly 'data-index'?: number;
};

export type VirtualItemsProps<Item> = {
  readonly as: 'ol' | 'ul';
  readonly items: readonly Item[];
  /** The id of an item's `li`: a link to it scrolls there. */
  readonly itemId: (item: Item) => string;
  /** The usual height of an item in px: each is measured once it is rendered. */
  readonly itemPx: number;
  readonly item: (item: Item, place: ItemPlace) => ReactNode;
};

/** From this number of items on, only those on the screen are rendered. */
const virtualFrom = 100;
/** The items of a longer list until the code that measures the screen is loaded: more than a screen shows. */
const firstItems = 30;

const windowItems = onDemand(() => import('./window-items'));

/** A list that scrolls with the page. A long one renders what is visible; paper shows all of it. */
export function VirtualItems<Item>(props: VirtualItemsProps<Item>) {
  const { as: List, items, itemPx, item } = props;
  const isPrinting = usePrinting();
  const isLong = items.length >= virtualFrom;
  const part = usePart(windowItems, isLong);
  if (isPrinting || !isLong || part === 'missing') return <List>{items.map((each) => item(each, {}))}</List>;
  if (part !== null) return <part.WindowItems {...props} />;
  return (
    <List style={{ paddingBottom: (items.length - firstItems) * itemPx }}>
      {items
        .slice(0, firstItems)
        .map((each, index) => item(each, { 'aria-posinset': index + 1, 'aria-setsize': items.length }))}
    </List>
  );
}
