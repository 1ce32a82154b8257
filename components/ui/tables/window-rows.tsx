'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useNarrow } from '@/components/ui/use-narrow';
import { printedMax, RowSpace } from './row-space';
import { useFocusedItem } from './use-focused-item';
import { usePrinting } from './use-printing';

/** Rows rendered beyond the edges of the screen, so that scrolling and tabbing find the next ones. */
const overscan = 15;

/** The body of a long table: rows outside the screen are not rendered. */
export function WindowRows(props: VirtualRowsProps) {
  const { count, columns, rowPx, cardPx, isMeasured = false, rowKey, row, onRange } = props;
  const narrow = useNarrow();
  const isPrinting = usePrinting();
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  // The offset of the rows on the page: content above them may appear and disappear.
  useLayoutEffect(() => {
    setTop(Math.round((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
  }, []);
  const focus = useFocusedItem(count, rowKey);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => (narrow ? cardPx : rowPx),
    // A row that is not laid out has no height yet.
    measureElement: (element) => element.getBoundingClientRect().height || (narrow ? cardPx : rowPx),
    overscan,
    scrollMargin: top,
    getItemKey: rowKey,
    rangeExtractor: focus.rangeExtractor,
  });
  // Heights that were measured of cards are not those of rows.
  const measuredNarrow = useRef(narrow);
  useLayoutEffect(() => {
    if (measuredNarrow.current === narrow) return;
    measuredNarrow.current = narrow;
    virtualizer.measure();
  }, [narrow, virtualizer]);
  const items = virtualizer.getVirtualItems();
  // Rows that are kept for the focus are not on the screen.
  const near = virtualizer.range ?? { startIndex: 0, endIndex: 0 };
  const from = Math.max(0, near.startIndex - overscan);
  const to = Math.max(0, Math.min(count - 1, near.endIndex + overscan));
  useEffect(() => onRange?.(from, to), [from, to, onRange]);
  const measure = narrow || isMeasured ? { ref: virtualizer.measureElement } : {};
  const render = (index: number) =>
    row(index, { ...measure, 'data-index': index, 'aria-rowindex': index + 2 });
  if (isPrinting)
    return (
      <tbody ref={body}>
        {Array.from({ length: Math.min(count, printedMax) }, (_, index) => render(index))}
      </tbody>
    );
  return (
    <tbody ref={body} {...focus.props}>
      {items.flatMap(({ index, start }, nth) => {
        const gap = start - (items[nth - 1]?.end ?? top);
        const space = <RowSpace key={`before ${index}`} px={gap} columns={columns} />;
        return gap > 0 ? [space, render(index)] : [render(index)];
      })}
      <RowSpace px={virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top)} columns={columns} />
    </tbody>
  );
}

/** The position of a row in a long table: spread it onto its `Tr`. */
export type VirtualRowProps = {
  readonly ref?: (row: HTMLTableRowElement | null) => void;
  readonly 'data-index': number;
  readonly 'aria-rowindex': number;
};

export type VirtualRowsProps = {
  /** The number of all rows. Give the table itself an `aria-rowcount` of one more, for its head. */
  readonly count: number;
  /** The number of columns. */
  readonly columns: number;
  /** The height of a row in px. Cards are measured one by one; theirs is an estimate. */
  readonly rowPx: number;
  readonly cardPx: number;
  /** True if rows differ in height: each is then measured. Cards always are. */
  readonly isMeasured?: boolean;
  readonly rowKey: (index: number) => string;
  readonly row: (index: number, props: VirtualRowProps) => ReactNode;
  /** Called with the first and the last rendered row. */
  readonly onRange?: (from: number, to: number) => void;
};
