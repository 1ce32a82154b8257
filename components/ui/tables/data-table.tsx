import type { ReactNode } from 'react';
import { classes } from '@/components/ui/classes';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { type VirtualRowProps, VirtualRows } from './virtual-rows';

/** A column of a table: its name, once for its head and for the cards of small screens, and its cells. */
export type Column<Row> = {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Right-aligns numbers, so that digits line up, and keeps each in one line with its unit. */
  readonly isNumber?: boolean;
  /** Cells with several numbers may wrap. */
  readonly wraps?: boolean;
  /** The classes of its cells. */
  readonly className?: string;
  /** `free`: its cells show no name on a card. `none`: only on wide screens, without a visible name. */
  readonly card?: 'line' | 'free' | 'none';
};

export type DataTableProps<Row> = {
  readonly label?: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  /** The text shown instead of a table without rows. */
  readonly none?: string;
  /** Limits the height of a long table; the keyboard can scroll it, and its head stays visible. */
  readonly scroll?: { readonly label: string; readonly className: string };
};

/** From this number of rows on, only those on the screen are rendered. */
const virtualFrom = 100;
/** The estimated height of a row and of a card in px; each is measured once rendered. */
const rowPx = 37;
const cardPx = 140;

/**
 * A table whose rows become cards on small screens. A long one that scrolls with the page renders only visible rows.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, none, scroll } = props;
  if (rows.length === 0 && none !== undefined) return <p className="px-4 py-3 text-12 text-ink-2">{none}</p>;
  const isLong = scroll === undefined && rows.length >= virtualFrom;
  const renderRow = (row: Row, place?: VirtualRowProps) => (
    <Tr key={rowKey(row)} {...place}>
      {columns.map(({ name, cell, isNumber, wraps, className, card = 'line' }) => (
        <Td
          key={name}
          label={name}
          card={card === 'line' ? 'line' : 'free'}
          className={classes(
            isNumber && 'text-right tabular-nums',
            isNumber && !wraps && 'whitespace-nowrap',
            card === 'none' && 'max-md:hidden',
            className,
          )}
        >
          {cell(row)}
        </Td>
      ))}
    </Tr>
  );
  const table = (
    <Table aria-label={label} {...(isLong ? { 'aria-rowcount': rows.length + 1 } : {})}>
      <Thead>
        <tr {...(isLong ? { 'aria-rowindex': 1 } : {})}>
          {columns.map(({ name, isNumber, card }) => (
            <Th key={name} className={isNumber ? 'text-right' : undefined}>
              {card === 'none' ? <span className="sr-only">{name}</span> : name}
            </Th>
          ))}
        </tr>
      </Thead>
      {isLong ? (
        <VirtualRows
          count={rows.length}
          columns={columns.length}
          rowPx={rowPx}
          cardPx={cardPx}
          isMeasured
          rowKey={(index) => String(rows[index] === undefined ? index : rowKey(rows[index]))}
          row={(index, place) => (rows[index] === undefined ? null : renderRow(rows[index], place))}
        />
      ) : (
        <tbody>{rows.map((row) => renderRow(row))}</tbody>
      )}
    </Table>
  );
  if (scroll === undefined) return table;
  return (
    <section
      aria-label={scroll.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={classes(
        'overflow-y-auto [&_th]:sticky [&_th]:top-0 [&_th]:z-1 [&_th]:shadow-[inset_0_-1px_0_var(--line)]',
        scroll.className,
      )}
    >
      {table}
    </section>
  );
}
