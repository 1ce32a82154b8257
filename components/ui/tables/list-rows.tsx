import type { ReactNode } from 'react';
import { Td, Tr } from '@/components/ui/table';
import { listRowLook, listRowPx } from './list-table';
import { type VirtualRowProps, VirtualRows } from './virtual-rows';

type ListRowsProps<Row> = {
  /** The number of all rows. */
  readonly count: number;
  readonly columns: number;
  /** The estimated height of a card in px; each card is measured. */
  readonly cardPx: number;
  /** Called with the first and the last rendered row. */
  readonly onRange: (from: number, to: number) => void;
  /** Returns the row at an index; undefined until it is loaded. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowKey: (row: Row) => string;
  /** The placeholder of a row that is being loaded. */
  readonly loading: string;
  readonly row: (row: Row, place: VirtualRowProps) => ReactNode;
};

/** The rows of a virtual list, of which only those on the screen are loaded. */
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
