'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useLayoutEffect, useRef, useState } from 'react';
import { ButtonLink } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { SortTh } from '@/components/ui/sort-th';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { useNarrow } from '@/components/ui/use-narrow';
import { type BindingColumn, bindingColumns, type DatedBinding } from '@/lib/estate/bindings/binding-query';
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

type BindingRowProps = {
  /** The row's index among all rows, from 0. */
  readonly index: number;
  readonly binding: DatedBinding;
  readonly connectionId: string;
  /** Called with a card once it is rendered, to measure its height. */
  readonly measure: ((row: HTMLTableRowElement | null) => void) | undefined;
};

/** A plain host name. A wildcard or an expression is not a domain that a diversion could move. */
const hostName = /^[a-z0-9.-]+$/i;

/** One rule or layer-4 listener. */
function BindingRow({ index, binding, connectionId, measure }: BindingRowProps) {
  const t = useTranslations('bindings');
  const { list, id, domain } = binding;
  return (
    <Tr
      {...(measure ? { ref: measure } : {})}
      data-index={index}
      aria-rowindex={index + 2}
      className="hover:bg-hover md:h-10.25 max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5"
    >
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
  readonly bindings: readonly DatedBinding[];
  readonly connectionId: string;
  readonly sort: BindingColumn;
  readonly descending: boolean;
  readonly onSort: (column: BindingColumn, descending: boolean) => void;
};

/** The height of a row in px: `h-10.25`. Cards are measured one by one; this is their usual height. */
const rowPx = 41;
const cardPx = 92;

/** Rows rendered beyond the edges of the screen, so that scrolling and tabbing find the next ones. */
const overscan = 15;

/** The bindings as a table of any length: rows outside the viewport are not rendered. Shows cards under 720 px. */
export function BindingsTable({ bindings, connectionId, sort, descending, onSort }: BindingsTableProps) {
  const t = useTranslations('bindings');
  const narrow = useNarrow();
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  // The offset of the rows on the page: content above them may appear and disappear.
  useLayoutEffect(() => {
    setTop(Math.round((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: bindings.length,
    estimateSize: () => (narrow ? cardPx : rowPx),
    overscan,
    scrollMargin: top,
    getItemKey: (index) => `${bindings[index]?.list}/${bindings[index]?.id}`,
  });
  const rows = virtualizer.getVirtualItems();
  const before = (rows[0]?.start ?? top) - top;
  const after = virtualizer.getTotalSize() - ((rows.at(-1)?.end ?? top) - top);
  return (
    <Table aria-label={t('listLabel')} aria-rowcount={bindings.length + 1}>
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
      <tbody ref={body}>
        <Space px={before} />
        {rows.map(({ index, key }) => {
          const binding = bindings[index];
          return binding === undefined ? null : (
            <BindingRow
              key={String(key)}
              index={index}
              binding={binding}
              connectionId={connectionId}
              measure={narrow ? virtualizer.measureElement : undefined}
            />
          );
        })}
        <Space px={after} />
      </tbody>
    </Table>
  );
}

/** A spacer for rows that are not rendered. */
function Space({ px }: { readonly px: number }) {
  if (px <= 0) return null;
  return (
    <tr aria-hidden className="max-md:block" style={{ height: px }}>
      <td colSpan={bindingColumns.length + 1} className="max-md:hidden" />
    </tr>
  );
}
