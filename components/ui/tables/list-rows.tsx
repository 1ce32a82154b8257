import type { ReactNode } from 'react';
import { Td, Tr } from '@/components/ui/table';
import { listRowLook, listRowPx } from './list-table';
import { type VirtualRowProps, VirtualRows } from './virtual-rows';

type ListRowsProps<Row> = {
  /** The number of all rows. */
  readonly count: number;
  readonly columns: number;
  /** The usual height of a card in px: each is measured. */
  readonly cardPx: number;
  /** Called with the first and the last rendered row. */
  readonly onRange: (from: number, to: number) => void;
  /** Returns the row at an index; undefined until it has been read. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowKey: (row: Row) => string;
  /** Stands in the place of a row that is being read. */
  readonly loading: string;
  readonly row: (row: Row, place: VirtualRowProps) => ReactNode;
};

/** The rows of a list of any length, of which only those on the screen are read. */
export function ListRows<Row>(props: ListRowsProps<Row>) {
  const { count, columns, cardPx, onRange, rowAt, rowKey, loading, row } = props;
  return (
    <VirtualRows
      count={count}
      columns={columns}
      rowPx={listRowPx}
      cardPx={cardPx}
      onRange={onRange}
      rowKey={(index) => {
        const found = rowAt(index);
        return found === undefined ? String(index) : rowKey(found);
      }}
      row={(index, place) => {
        const found = rowAt(index);
        if (found !== undefined) return row(found, place);
        return (
          <Tr key={index} {...place} aria-busy className={listRowLook}>
            <Td card="free" colSpan={columns} className="text-ink-3">
              {loading}
            </Td>
          </Tr>
        );
      }}
    />
  );
}
