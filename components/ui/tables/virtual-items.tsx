'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type ComponentProps,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useFocusedItem } from './use-focused-item';
import { usePrinting } from './use-printing';

/** The position of an item in a long list: spread it onto its `li`. */
export type ItemPlace = Pick<ComponentProps<'li'>, 'ref' | 'aria-posinset' | 'aria-setsize'> & {
  readonly 'data-index'?: number;
};

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

/** Items rendered beyond the edges of the screen, so that scrolling and tabbing find the next ones. */
const overscan = 10;

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

type LongListProps = {
  readonly as: 'ol' | 'ul';
  /** The ids of all items. */
  readonly ids: readonly string[];
  /** The estimated height of an item in px. */
  readonly itemPx: number;
  readonly item: (index: number, place: ItemPlace) => ReactNode;
};

/** Returns the id in a hash; an invalidly encoded hash is used unchanged. */
function parseHash(hash: string): string {
  const id = hash.slice(1);
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** A list of which only the items on the screen are rendered. */
function LongList({ as: List, ids, itemPx, item }: LongListProps) {
  const list = useRef<HTMLOListElement & HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // The offset of the list on the page: lists above it change their height as their items are measured.
  useLayoutEffect(() => {
    setTop(Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
  });
  const keyOf = (index: number) => ids[index] ?? index;
  const focus = useFocusedItem(ids.length, keyOf);
  const virtualizer = useWindowVirtualizer({
    count: ids.length,
    estimateSize: () => itemPx,
    // An item without layout has no height yet.
    measureElement: (element) => element.getBoundingClientRect().height || itemPx,
    overscan,
    scrollMargin: top,
    getItemKey: keyOf,
    rangeExtractor: focus.rangeExtractor,
  });
  // A link to an item that is not rendered has no target, so the list scrolls to it: only once, because items are
  // refetched while the user scrolls.
  const followed = useRef('');
  useEffect(() => {
    const follow = () => {
      const { hash } = window.location;
      if (hash === followed.current) return;
      const index = ids.indexOf(parseHash(hash));
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
  }, [ids, virtualizer]);
  const shown = virtualizer.getVirtualItems();
  const before = (shown[0]?.start ?? top) - top;
  const after = virtualizer.getTotalSize() - ((shown.at(-1)?.end ?? top) - top);
  return (
    <List ref={list} style={{ paddingTop: before, paddingBottom: Math.max(0, after) }} {...focus.props}>
      {shown.flatMap(({ index, start }, nth) => {
        const place = {
          ref: virtualizer.measureElement,
          'data-index': index,
          'aria-posinset': index + 1,
          'aria-setsize': ids.length,
        };
        const gap = start - (shown[nth - 1]?.end ?? start);
        const space = <li key={`before ${index}`} aria-hidden style={{ height: gap }} />;
        return gap > 0 ? [space, item(index, place)] : [item(index, place)];
      })}
    </List>
  );
}
