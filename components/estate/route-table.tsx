'use client';

import { useTable } from '@tanstack/react-table';
import { useTranslations } from 'next-intl';
import { listNodeIds, type NodeId, routeKey, type TopologyRoute } from '@/components/topology/route';
import { classes } from '@/components/ui/classes';
import { SortTh } from '@/components/ui/sort-th';
import { Table, Td, Thead, Tr } from '@/components/ui/table';
import { RouteCell } from './route-cell';
import { type RouteColumn, routeColumns, routeFeatures } from './route-columns';

type RouteTableProps = {
  readonly routes: readonly TopologyRoute[];
  readonly selected: string | null;
  readonly onSelect: (id: NodeId | null) => void;
};

/** The estate as a list: one row for each path from a name to a backend. Shows cards under 720 px. */
export function RouteTable({ routes, selected, onSelect }: RouteTableProps) {
  const t = useTranslations('estate');
  const table = useTable({
    features: routeFeatures,
    columns: routeColumns,
    data: routes,
    getRowId: routeKey,
    enableMultiSort: false,
  });
  return (
    <Table aria-label={t('listLabel')}>
      <Thead className="sticky top-0 z-1">
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <SortTh
                key={header.id}
                sorted={header.column.getIsSorted()}
                onSort={header.column.getToggleSortingHandler()}
                className={heads[header.column.id]}
              >
                {t(`field.${header.column.id as RouteColumn}`)}
              </SortTh>
            ))}
          </tr>
        ))}
      </Thead>
      <tbody>
        {table.getRowModel().rows.map((row) => {
          const ids = listNodeIds(row.original);
          const isOn = ids.some((id) => id === selected);
          const select = () => onSelect(ids.at(-1) ?? null);
          return (
            <Tr
              key={row.id}
              data-on={isOn || undefined}
              onClick={select}
              className="cursor-pointer hover:bg-hover data-on:bg-accent-soft max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5"
            >
              {row.getAllCells().map((cell) => {
                const column = cell.column.id as RouteColumn;
                return (
                  <Td
                    key={cell.id}
                    card="free"
                    className={classes('md:py-2.5 whitespace-nowrap', cards[column])}
                  >
                    {column === 'domain' ? (
                      <button type="button" aria-pressed={isOn} className="text-left" onClick={select}>
                        <RouteCell route={row.original} column={column} />
                      </button>
                    ) : (
                      <RouteCell route={row.original} column={column} />
                    )}
                  </Td>
                );
              })}
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}

/** Styles that differ from those of other heads. */
const heads: Readonly<Record<string, string>> = { weight: 'text-right', region: 'max-xl:hidden' };

/** The place of each value on a card: the most wanted one at the top left. */
const cards: Readonly<Record<RouteColumn, string>> = {
  domain: 'max-md:order-1 max-md:text-13',
  listener: 'max-md:order-2 max-md:text-right',
  backend: 'max-md:order-3',
  loadBalancer: 'max-md:order-4 max-md:text-right',
  rule: 'max-md:order-5 max-w-32 truncate',
  address: 'max-md:order-6 max-md:text-right max-w-36 truncate',
  region: 'max-xl:hidden',
  kind: 'max-md:hidden',
  weight: 'text-right max-md:hidden',
};
