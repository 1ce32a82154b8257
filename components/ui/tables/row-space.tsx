import type { ReactNode } from 'react';

/** The place of a row in a long table: give all of it to its `Tr`. */
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
  /** The height of a row in px. Cards are measured one by one; theirs is the usual one. */
  readonly rowPx: number;
  readonly cardPx: number;
  /** True if rows differ in height: each is then measured. Cards always are. */
  readonly isMeasured?: boolean;
  readonly rowKey: (index: number) => string;
  readonly row: (index: number, props: VirtualRowProps) => ReactNode;
  /** Called with the first and the last rendered row. */
  readonly onRange?: (from: number, to: number) => void;
};

/** The most rows that a print has. */
export const printedMax = 5000;

/** A spacer for rows that are not rendered. */
export function RowSpace({ px, columns }: { readonly px: number; readonly columns: number }) {
  if (px <= 0) return null;
  return (
    <tr aria-hidden className="max-md:block" style={{ height: px }}>
      <td colSpan={columns} className="max-md:hidden" />
    </tr>
  );
}
