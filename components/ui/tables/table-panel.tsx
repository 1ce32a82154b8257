import type { ReactNode } from 'react';
import { Panel } from '@/components/ui/panel';
import { DataTable, type DataTableProps } from './data-table';

type TablePanelProps<Row> = Pick<DataTableProps<Row>, 'columns' | 'rows' | 'rowKey'> & {
  /** The name of the panel and of its table. */
  readonly title: string;
  readonly about: string;
  /** Shown above the table, for example who set it and when. */
  readonly note?: ReactNode;
  /** Shown instead of a table without rows. */
  readonly none: string;
  /** Shown below the table: its buttons, forms and dialogs. */
  readonly children: ReactNode;
};

/** A panel that explains a table and contains its commands. */
export function TablePanel<Row>(props: TablePanelProps<Row>) {
  const { title, about, note, none, columns, rows, rowKey, children } = props;
  return (
    <Panel title={title}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="text-12 text-ink-2">{about}</p>
        {note}
        {rows.length === 0 ? (
          <p>{none}</p>
        ) : (
          <DataTable label={title} columns={columns} rows={rows} rowKey={rowKey} />
        )}
        {children}
      </div>
    </Panel>
  );
}
