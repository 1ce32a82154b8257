'use client';

import { Focus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { SortTh } from '@/components/ui/tables/sort-th';
import { type VirtualRowProps, VirtualRows } from '@/components/ui/tables/virtual-rows';
import { type EstateVersion, routesQuery } from '@/lib/client/estate-queries';
import { useRowWindow } from '@/lib/client/use-row-window';
import type { RouteRow } from '@/lib/estate/topology/find-routes';
import { type RouteColumn, type RouteOrder, routeColumns } from '@/lib/estate/topology/route-filter';
import { RouteCell } from './route-cell';

type RouteTableProps = {
  readonly connectionId: string;
  readonly version: EstateVersion;
  /** The parameters of the filter and the order. */
  readonly params: URLSearchParams;
  readonly order: RouteOrder;
  /** The number of routes that match the filter. */
  readonly found: number;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onSort: (order: RouteOrder) => void;
  readonly onFocus: (ids: readonly string[]) => void;
};

/** The height of a row in px: `h-10.25`. */
const rowPx = 41;
const cardPx = 76;

/**
 * The estate as a list: one row for each path from a name to a backend. It loads the rows on the screen, page by page.
 * Shows cards under 720 px.
 */
export function RouteTable(props: RouteTableProps) {
  const { connectionId, version, params, order, found, selected, onSelect, onSort, onFocus } = props;
  const t = useTranslations('estate');
  const { onRange, rowAt } = useRowWindow({
    count: found,
    page: (number) => routesQuery(connectionId, version, params, number),
    rows: (data): readonly RouteRow[] => data?.rows ?? [],
    rowKey: ({ key }) => key,
  });
  const sorted = (column: RouteColumn) => column === order.sort && (order.descending ? 'desc' : 'asc');
  return (
    <Table aria-label={t('listLabel')} aria-rowcount={found + 1}>
      <Thead className="sticky top-12 z-1">
        <tr aria-rowindex={1}>
          {routeColumns.map((column) => (
            <SortTh
              key={column}
              sorted={sorted(column)}
              onSort={() => onSort({ sort: column, descending: column === order.sort && !order.descending })}
              className={heads[column]}
            >
              {t(`field.${column}`)}
            </SortTh>
          ))}
          <Th>
            <span className="sr-only">{t('focus.route')}</span>
          </Th>
        </tr>
      </Thead>
      <VirtualRows
        count={found}
        columns={routeColumns.length + 1}
        rowPx={rowPx}
        cardPx={cardPx}
        rowKey={(index) => rowAt(index)?.key ?? String(index)}
        onRange={onRange}
        row={(index, place) => {
          const row = rowAt(index);
          if (row === undefined) return <LoadingRow key={index} place={place} />;
          return (
            <Row
              key={row.key}
              row={row}
              place={place}
              isOn={row.node === selected || row.focus.some((id) => id === selected)}
              onSelect={onSelect}
              onFocus={onFocus}
            />
          );
        }}
      />
    </Table>
  );
}

const rowLook =
  'hover:bg-hover data-on:bg-accent-soft md:h-10.25 max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5';

function LoadingRow({ place }: { readonly place: VirtualRowProps }) {
  const t = useTranslations('estate');
  return (
    <Tr {...place} aria-busy className={rowLook}>
      <Td card="free" colSpan={routeColumns.length + 1} className="text-ink-3">
        {t('rowLoading')}
      </Td>
    </Tr>
  );
}

type RowProps = {
  readonly row: RouteRow;
  readonly place: VirtualRowProps;
  readonly isOn: boolean;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (ids: readonly string[]) => void;
};

function Row({ row, place, isOn, onSelect, onFocus }: RowProps) {
  const t = useTranslations('estate');
  const select = () => onSelect(row.node);
  return (
    <Tr {...place} data-on={isOn || undefined} onClick={select} className={`cursor-pointer ${rowLook}`}>
      {routeColumns.map((column) => (
        <Td key={column} card="free" className={classes('truncate whitespace-nowrap', cards[column])}>
          {column === 'domain' ? (
            <button type="button" aria-pressed={isOn} className="text-left" onClick={select}>
              <RouteCell row={row} column={column} />
            </button>
          ) : (
            <RouteCell row={row} column={column} />
          )}
        </Td>
      ))}
      <Td card="free" className="text-right max-md:hidden">
        <IconButton
          size="sm"
          label={t('focus.route')}
          icon={<Focus aria-hidden />}
          onClick={(event) => {
            event.stopPropagation();
            onFocus(row.focus);
          }}
        />
      </Td>
    </Tr>
  );
}

/** Styles that differ from those of other heads. */
const heads: Readonly<Partial<Record<RouteColumn, string>>> = {
  weight: 'text-right max-xl:hidden',
  region: 'max-xl:hidden',
  kind: 'max-lg:hidden',
};

/** The position of each value on a card: the most important one at the top left. */
const cards: Readonly<Record<RouteColumn, string>> = {
  domain: 'max-w-56 max-md:order-1 max-md:text-13',
  listener: 'max-md:order-2 max-md:text-right',
  backend: 'max-w-52 max-md:order-3',
  loadBalancer: 'max-w-40 max-md:order-4 max-md:text-right',
  rule: 'max-md:order-5 max-w-32 md:max-xl:max-w-20',
  address: 'max-md:order-6 max-md:text-right max-w-36',
  health: 'max-md:order-7',
  region: 'max-xl:hidden',
  kind: 'max-lg:hidden',
  weight: 'text-right max-xl:hidden',
};
