import type { ReactNode } from 'react';
import { classes } from '@/components/ui/classes';
import { Td, Thead, Tr } from '@/components/ui/table';
import { SortTh } from './sort-th';
import type { VirtualRowProps } from './virtual-rows';

/** The screens on which each column is shown, its width, and its position on a card. */
export type ColumnLook<Column extends string> = Readonly<
  Record<Column, { readonly head?: string; readonly cell: string }>
>;

/** The height of a row in px: `h-10.25`. */
export const listRowPx = 41;

export const listRowLook =
  'hover:bg-hover md:h-10.25 max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5';

type ListHeadProps<Column extends string> = {
  readonly columns: readonly Column[];
  readonly look: ColumnLook<Column>;
  readonly sort: Column;
  readonly descending: boolean;
  readonly onSort: (column: Column, descending: boolean) => void;
  readonly name: (column: Column) => string;
  /** Heads of columns that don't sort. */
  readonly children?: ReactNode;
};

/** The sticky head of a list: a press on a column sorts by it, another one reverses the order. */
export function ListHead<Column extends string>({
  columns,
  look,
  sort,
  descending,
  onSort,
  name,
  children,
}: ListHeadProps<Column>) {
  return (
    <Thead className="sticky top-12 z-1">
      <tr aria-rowindex={1}>
        {columns.map((column) => (
          <SortTh
            key={column}
            sorted={column === sort && (descending ? 'desc' : 'asc')}
            onSort={() => onSort(column, column === sort && !descending)}
            className={look[column].head}
          >
            {name(column)}
          </SortTh>
        ))}
        {children}
      </tr>
    </Thead>
  );
}

type ListRowProps<Column extends string> = {
  readonly columns: readonly Column[];
  readonly look: ColumnLook<Column>;
  readonly row: VirtualRowProps;
  readonly cell: (column: Column) => ReactNode;
  /** Cells of columns that don't sort. */
  readonly children?: ReactNode;
};

/** A row of a list. A card under 720 px. */
export function ListRow<Column extends string>({ columns, look, row, cell, children }: ListRowProps<Column>) {
  return (
    <Tr {...row} className={listRowLook}>
      {columns.map((column) => (
        <Td key={column} card="free" className={classes('truncate whitespace-nowrap', look[column].cell)}>
          {cell(column)}
        </Td>
      ))}
      {children}
    </Tr>
  );
}
