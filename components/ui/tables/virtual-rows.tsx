'use client';

import { type ReactNode, useEffect } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { useNarrow } from '@/components/ui/use-narrow';
import { printedMax, RowSpace } from './row-space';
import { usePrinting } from './use-printing';

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

/** From this number of rows on, only those on the screen are rendered. */
const virtualFrom = 100;
/** The rows of a longer table until the code that measures the screen is loaded: more than a screen shows. */
const firstRows = 40;

const windowRows = onDemand(() => import('./window-rows'));

/**
 * The body of a table of any length that scrolls with the page: rows of a long one outside the screen are not rendered.
 */
export function VirtualRows(props: VirtualRowsProps) {
  const { count } = props;
  const isLong = count >= virtualFrom;
  const part = usePart(windowRows, isLong);
  if (!isLong) return <FirstRows {...props} shown={count} />;
  if (part === null) return <FirstRows {...props} shown={firstRows} />;
  if (part === 'missing') return <FirstRows {...props} shown={Math.min(count, printedMax)} />;
  return <part.WindowRows {...props} />;
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
