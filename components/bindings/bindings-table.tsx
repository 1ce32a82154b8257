'use client';

import { Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { SortTh } from '@/components/ui/sort-th';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { type VirtualRowProps, VirtualRows } from '@/components/ui/tables/virtual-rows';
import { bindingsQuery } from '@/lib/client/queries';
import { useRowWindow } from '@/lib/client/use-row-window';
import {
  type BindingColumn,
  type BindingQuery,
  bindingColumns,
  type DatedBinding,
  writeBindingQuery,
} from '@/lib/estate/bindings/binding-query';
import { routes } from '@/lib/routes';
import { BindingCell } from './binding-cell';

/** The screens on which each column shows, its width, and its place on a card. */
const columnLook: Readonly<Record<BindingColumn, { readonly head?: string; readonly cell: string }>> = {
  domain: { cell: 'max-w-64 max-md:order-1 max-md:text-13 max-md:col-span-2' },
  loadBalancer: { cell: 'max-w-44 max-md:order-4' },
  listener: { cell: 'max-md:order-5 max-md:text-right' },
  region: { head: 'max-xl:hidden', cell: 'max-xl:hidden' },
  kind: { cell: 'max-md:order-3 max-md:text-right' },
  bound: { cell: 'max-w-64 lg:max-xl:max-w-44 max-md:order-2' },
  health: { cell: 'max-md:order-6' },
  dnsNames: { head: 'max-xl:hidden', cell: 'max-w-52 max-xl:hidden' },
  changedAt: { head: 'max-lg:hidden', cell: 'max-lg:hidden' },
};

const rowLook =
  'hover:bg-hover md:h-10.25 max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5';

type BindingRowProps = {
  readonly binding: DatedBinding;
  readonly connectionId: string;
  readonly row: VirtualRowProps;
};

/** A plain host name. A wildcard or an expression is not a domain that a diversion could move. */
const hostName = /^[a-z0-9.-]+$/i;

/** One rule or layer-4 listener. */
function BindingRow({ binding, connectionId, row }: BindingRowProps) {
  const t = useTranslations('bindings');
  const { list, id, domain } = binding;
  return (
    <Tr {...row} className={rowLook}>
      {bindingColumns.map((column) => (
        <Td
          key={column}
          card="free"
          className={classes('truncate whitespace-nowrap', columnLook[column].cell)}
        >
          <BindingCell binding={binding} column={column} connectionId={connectionId} />
        </Td>
      ))}
      <Td card="free" className="text-right max-md:hidden">
        {list === 'rules' && domain !== null && hostName.test(domain) ? (
          <ButtonLink
            size="sm"
            href={routes.newDiversion(connectionId, { domain, rule: id })}
            prefetch={false}
            icon={<Split aria-hidden />}
            aria-label={t('divertName', { domain })}
          >
            {t('divert')}
          </ButtonLink>
        ) : null}
      </Td>
    </Tr>
  );
}

type BindingsTableProps = {
  readonly connectionId: string;
  /** The filter and the order of the rows. */
  readonly asked: BindingQuery;
  /** The number of bindings that it finds. */
  readonly found: number;
  readonly onSort: (column: BindingColumn, descending: boolean) => void;
};

/** The height of a row in px: `h-10.25`. Cards are measured one by one; this is their usual height. */
const rowPx = 41;
const cardPx = 92;

const bindingKey = ({ list, id }: DatedBinding) => `${list}/${id}`;

/** The bindings as a table of any length. It reads the rows on the screen. Shows cards under 720 px. */
export function BindingsTable({ connectionId, asked, found, onSort }: BindingsTableProps) {
  const t = useTranslations('bindings');
  const { sort, descending } = asked;
  const params = writeBindingQuery(new URLSearchParams(), asked);
  const { onRange, rowAt } = useRowWindow({
    count: found,
    page: (number) => bindingsQuery(connectionId, params, number),
    rows: (view): readonly DatedBinding[] => view?.rows ?? [],
  });
  return (
    <Table aria-label={t('listLabel')} aria-rowcount={found + 1}>
      <Thead className="sticky top-12 z-1">
        <tr aria-rowindex={1}>
          {bindingColumns.map((column) => (
            <SortTh
              key={column}
              sorted={column === sort && (descending ? 'desc' : 'asc')}
              onSort={() => onSort(column, column === sort && !descending)}
              className={columnLook[column].head}
            >
              {t(`column.${column}`)}
            </SortTh>
          ))}
          <Th>
            <span className="sr-only">{t('column.divert')}</span>
          </Th>
        </tr>
      </Thead>
      <VirtualRows
        count={found}
        columns={bindingColumns.length + 1}
        rowPx={rowPx}
        cardPx={cardPx}
        onRange={onRange}
        rowKey={(index) => {
          const binding = rowAt(index);
          return binding === undefined ? String(index) : bindingKey(binding);
        }}
        row={(index, row) => {
          const binding = rowAt(index);
          if (binding === undefined)
            return (
              <Tr key={index} {...row} aria-busy className={rowLook}>
                <Td card="free" colSpan={bindingColumns.length + 1} className="text-ink-3">
                  {t('rowLoading')}
                </Td>
              </Tr>
            );
          return (
            <BindingRow key={bindingKey(binding)} binding={binding} connectionId={connectionId} row={row} />
          );
        }}
      />
    </Table>
  );
}
