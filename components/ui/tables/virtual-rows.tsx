'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useHydrated } from '@/components/ui/use-hydrated';
import { useNarrow } from '@/components/ui/use-narrow';
import { useFocusedItem } from './use-focused-item';
import { usePrinting } from './use-printing';

/** The position of a row in a long table: spread it onto its `Tr`. */
export type VirtualRowProps = {
  readonly ref?: (row: HTMLTableRowElement | null) => void;
  readonly 'data-index': number;
  readonly 'aria-rowindex': number;
};

type VirtualRowsProps = {
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

/** From this number of rows on, only those on the screen are rendered. */
const virtualFrom = 100;
/** The rows of a longer table that the server renders, which does not know the screen: more than a screen shows. */
const firstRows = 40;
/** Rows rendered beyond the edges of the screen, so that scrolling and tabbing find the next ones. */
const overscan = 15;
/** The most rows that a print has. */
const printedMax = 5000;

/**
 * The body of a table of any length that scrolls with the page: rows of a long one outside the screen are not rendered.
 */
export function VirtualRows(props: VirtualRowsProps) {
  const { count } = props;
  const isHydrated = useHydrated();
  if (count < virtualFrom) return <FirstRows {...props} shown={count} />;
  return isHydrated ? <WindowRows {...props} /> : <FirstRows {...props} shown={firstRows} />;
}

type FirstRowsProps = VirtualRowsProps & { readonly shown: number };

/** The first rows, with a spacer for all others. */
function FirstRows({ count, columns, rowPx, cardPx, row, onRange, shown }: FirstRowsProps) {
  const narrow = useNarrow();
  const rendered = usePrinting() ? Math.min(count, printedMax) : shown;
  useEffect(() => onRange?.(0, Math.max(0, shown - 1)), [shown, onRange]);
  return (
    <tbody>
      {Array.from({ length: rendered }, (_, index) =>
        row(index, { 'data-index': index, 'aria-rowindex': index + 2 }),
      )}
      <RowSpace px={(count - rendered) * (narrow ? cardPx : rowPx)} columns={columns} />
    </tbody>
  );
}

/** The body of a long table: rows outside the screen are not rendered. */
function WindowRows(props: VirtualRowsProps) {
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

/** A spacer for rows that are not rendered. */
function RowSpace({ px, columns }: { readonly px: number; readonly columns: number }) {
  if (px <= 0) return null;
  return (
    <tr aria-hidden className="max-md:block" style={{ height: px }}>
      <td colSpan={columns} className="max-md:hidden" />
    </tr>
  );
}
