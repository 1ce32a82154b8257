'use client';

import { useEffect } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { useNarrow } from '@/components/ui/use-narrow';
import { printedMax, RowSpace } from './row-space';
import { usePrinting } from './use-printing';
import type { VirtualRowsProps } from './window-rows';

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
