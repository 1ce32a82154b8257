'use client';

import { Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { Table, Td, Th } from '@/components/ui/table';
import { ListRows } from '@/components/ui/tables/list-rows';
import { type ColumnLook, ListHead, ListRow } from '@/components/ui/tables/list-table';
import type { VirtualRowProps } from '@/components/ui/tables/virtual-rows';
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

const columnLook: ColumnLook<BindingColumn> = {
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
    <ListRow
      columns={bindingColumns}
      look={columnLook}
      row={row}
      cell={(column) => <BindingCell binding={binding} column={column} connectionId={connectionId} />}
    >
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
    </ListRow>
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

/** The usual height of a card in px: each is measured. */
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
    rowKey: bindingKey,
  });
  return (
    <Table aria-label={t('listLabel')} aria-rowcount={found + 1}>
      <ListHead
        columns={bindingColumns}
        look={columnLook}
        sort={sort}
        descending={descending}
        onSort={onSort}
        name={(column) => t(`column.${column}`)}
      >
        <Th>
          <span className="sr-only">{t('column.divert')}</span>
        </Th>
      </ListHead>
      <ListRows
        count={found}
        columns={bindingColumns.length + 1}
        cardPx={cardPx}
        onRange={onRange}
        rowAt={rowAt}
        rowKey={bindingKey}
        loading={t('rowLoading')}
        row={(binding, row) => (
          <BindingRow key={bindingKey(binding)} binding={binding} connectionId={connectionId} row={row} />
        )}
      />
    </Table>
  );
}
