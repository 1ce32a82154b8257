import type { QueryKey } from '@tanstack/react-query';
import { MapPin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Table, Td, Th } from '@/components/ui/table';
import { ListFrame } from '@/components/ui/tables/list-frame';
import { ListRows } from '@/components/ui/tables/list-rows';
import { type ColumnLook, ListHead, ListRow } from '@/components/ui/tables/list-table';
import { FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
import { useRowWindow } from '@/lib/client/use-row-window';
import type { ListView } from '@/lib/contract/estate';
import type { ListQuery } from '@/lib/estate/list-query';
import { routes } from '@/lib/routes';
import type { List } from './use-list';

/** The lists by the name of their messages, which have the same keys in each list. */
export type ListName = 'bindings' | 'functions';

type TableProps<Column extends string, View extends ListView<unknown>, Key extends QueryKey> = {
  readonly of: ListName;
  readonly list: List<ListQuery<Column>, View, Key>;
  readonly columns: readonly Column[];
  readonly columnName: (column: Column) => string;
  readonly look: ColumnLook<Column>;
  readonly cell: (row: View['rows'][number], column: Column) => ReactNode;
  /** The control at the end of each row on wide screens, and the name of its column. */
  readonly action?: { readonly name: string; readonly cell: (row: View['rows'][number]) => ReactNode } | null;
  readonly rowKey: (row: View['rows'][number]) => string;
  /** The estimated height of a card in px; each card is measured. */
  readonly cardPx: number;
};

type ListBodyProps<Column extends string, View extends ListView<unknown>, Key extends QueryKey> = TableProps<
  Column,
  View,
  Key
> & {
  readonly view: View;
  /** The filters beside search and region, then the actions. */
  readonly filters: ReactNode;
  /** Clears the search and every filter. */
  readonly onClear: () => void;
  readonly note?: ReactNode;
};

/** The rows that match the filter, in order, below the toolbar that sets both. */
export function ListBody<Column extends string, View extends ListView<unknown>, Key extends QueryKey>({
  view,
  filters,
  onClear,
  note,
  ...table
}: ListBodyProps<Column, View, Key>) {
  const { of, list } = table;
  const { connectionId, query, onChange, isError } = list;
  const { regions, gaps, found, total, takenAt } = view;
  const t = useTranslations(of);
  return (
    <>
      <ReadOnlyNote />
      <ListFrame
        toolbar={
          <Toolbar flush>
            <SearchInput
              label={t('find')}
              hint={t('findHint')}
              value={query.search}
              onChange={(search) => onChange({ search })}
            />
            <FilterSelect
              label={t('column.region')}
              any={t('allRegions', { count: regions.length })}
              icon={<MapPin aria-hidden />}
              values={regions}
              value={query.region}
              onChange={(region) => onChange({ region })}
              className="w-40!"
            />
            {filters}
          </Toolbar>
        }
        failed={isError ? t('failed') : null}
        gaps={
          gaps.length === 0
            ? null
            : {
                title: t('gaps', { count: gaps.length }),
                href: routes.estate(connectionId),
                link: t('gapsLink'),
              }
        }
        table={found === 0 ? null : <RowTable {...table} found={found} />}
        nothing={{
          title: t(total === 0 ? 'nothingThere' : 'nothingMatches'),
          hidden: total === 0 ? null : t('hidden', { count: total }),
          onClear: total === 0 ? null : onClear,
        }}
        count={t('count', { shown: found, total })}
        note={note}
        takenAt={takenAt}
      />
    </>
  );
}

/** The rows as a virtual table. It loads the rows on the screen. Shows cards under 720 px. */
function RowTable<Column extends string, View extends ListView<unknown>, Key extends QueryKey>({
  of,
  list,
  found,
  columns,
  columnName,
  look,
  cell,
  action,
  rowKey,
  cardPx,
}: TableProps<Column, View, Key> & { readonly found: number }) {
  const t = useTranslations(of);
  const { page, query, onChange } = list;
  const { onRange, rowAt } = useRowWindow({
    count: found,
    page,
    rows: (view): View['rows'] => view?.rows ?? [],
    rowKey,
  });
  return (
    <Table aria-label={t('listLabel')} aria-rowcount={found + 1}>
      <ListHead
        columns={columns}
        look={look}
        sort={query.sort}
        descending={query.descending}
        onSort={(sort, descending) => onChange({ sort, descending })}
        name={columnName}
      >
        {action ? (
          <Th>
            <span className="sr-only">{action.name}</span>
          </Th>
        ) : null}
      </ListHead>
      <ListRows
        count={found}
        columns={columns.length + (action ? 1 : 0)}
        cardPx={cardPx}
        onRange={onRange}
        rowAt={rowAt}
        rowKey={rowKey}
        loading={t('rowLoading')}
        row={(row, place) => (
          <ListRow
            key={rowKey(row)}
            columns={columns}
            look={look}
            row={place}
            cell={(column) => cell(row, column)}
          >
            {action ? (
              <Td card="free" className="text-right max-md:hidden">
                {action.cell(row)}
              </Td>
            ) : null}
          </ListRow>
        )}
      />
    </Table>
  );
}
