'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useTranslations } from 'next-intl';
import { useLayoutEffect, useRef, useState } from 'react';
import { SortTh } from '@/components/ui/sort-th';
import { Table, Th, Thead } from '@/components/ui/table';
import { useNarrow } from '@/components/ui/use-narrow';
import { type BindingColumn, bindingColumns, type DatedBinding } from '@/lib/estate/bindings/binding-query';
import { BindingRow } from './binding-row';
import { columnLook } from './column-look';

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
