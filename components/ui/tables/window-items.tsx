'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualItemsProps } from './virtual-items';

/** Items rendered beyond the edges of the screen, so that scrolling and tabbing find the next ones. */
const overscan = 10;

/** Returns the id that a hash names; a hash that is not percent-encoded names itself. */
function parseHash(hash: string): string {
  const id = hash.slice(1);
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** A long list: what is outside the screen is not rendered. */
export function WindowItems<Item>({ as: List, items, itemId, itemPx, item }: VirtualItemsProps<Item>) {
  const list = useRef<HTMLOListElement & HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // The offset of the list on the page: lists above it change their height as their items are measured.
  useLayoutEffect(() => {
    setTop(Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
  });
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => itemPx,
    // An item that is not laid out has no height yet.
    measureElement: (element) => element.getBoundingClientRect().height || itemPx,
    overscan,
    scrollMargin: top,
    getItemKey: (index) => (items[index] === undefined ? index : itemId(items[index])),
  });
  // A link to an item that is not rendered leads nowhere, so the list scrolls to it: once, as the items are read again
  // and again while a person scrolls.
  const followed = useRef('');
  useEffect(() => {
    const follow = () => {
      const { hash } = window.location;
      if (hash === followed.current) return;
      const index = items.findIndex((each) => itemId(each) === parseHash(hash));
      if (index === -1) return;
      followed.current = hash;
      virtualizer.scrollToIndex(index, { align: 'center' });
    };
    const change = () => {
      followed.current = '';
      follow();
    };
    follow();
    window.addEventListener('hashchange', change);
    return () => window.removeEventListener('hashchange', change);
  }, [items, itemId, virtualizer]);
  const shown = virtualizer.getVirtualItems();
  const before = (shown[0]?.start ?? top) - top;
  const after = virtualizer.getTotalSize() - ((shown.at(-1)?.end ?? top) - top);
  return (
    <List ref={list} style={{ paddingTop: before, paddingBottom: Math.max(0, after) }}>
      {shown.map(({ index }) => {
        const each = items[index];
        return each === undefined
          ? null
          : item(each, {
              ref: virtualizer.measureElement,
              'data-index': index,
              'aria-posinset': index + 1,
              'aria-setsize': items.length,
            });
      })}
    </List>
  );
}
