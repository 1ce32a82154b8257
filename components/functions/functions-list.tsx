'use client';

import { useTranslations } from 'next-intl';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { ListBody } from '@/components/lists/list-body';
import { useList } from '@/components/lists/use-list';
import type { ColumnLook } from '@/components/ui/tables/list-table';
import { FilterSelect } from '@/components/ui/toolbar';
import { functionsQuery } from '@/lib/client/function-queries';
import type { FunctionsView } from '@/lib/contract/function';
import {
  type FunctionColumn,
  functionColumns,
  functionUses,
  parseFunctionQuery,
  writeFunctionQuery,
} from '@/lib/estate/functions/function-query';
import { FunctionCell } from './function-cell';

const source = { parse: parseFunctionQuery, write: writeFunctionQuery, read: functionsQuery };

/** Provides the list of the functions of a connection, with the filter and order of the address. */
export const useFunctions = (connectionId: string) => useList(connectionId, source);

const columnLook: ColumnLook<FunctionColumn> = {
  name: { cell: 'max-w-72 md:max-w-52 xl:max-w-40 max-md:col-span-2 max-md:text-13' },
  region: { cell: '' },
  runtime: { head: 'max-lg:hidden', cell: 'max-w-24 max-lg:hidden' },
  status: { cell: 'max-md:text-right' },
  versions: { head: 'max-md:hidden', cell: 'tabular-nums max-md:hidden' },
  aliases: { head: 'max-md:hidden', cell: 'tabular-nums max-md:hidden' },
  provisioned: { head: 'max-xl:hidden', cell: 'tabular-nums max-xl:hidden' },
  use: { cell: '' },
  calls: { head: 'max-lg:hidden', cell: 'tabular-nums max-lg:hidden' },
  errors: { head: 'max-lg:hidden', cell: 'tabular-nums max-lg:hidden' },
  modifiedAt: { head: 'max-xl:hidden', cell: 'max-xl:hidden' },
};

/** The usual height of a card in px: each is measured. */
const cardPx = 84;

const everything = { search: '', region: null, namespace: null, use: null } as const;

type FunctionsListProps = {
  readonly list: ReturnType<typeof useFunctions>;
  readonly view: FunctionsView;
};

/** The functions that a filter finds, in its order. */
export function FunctionsList({ list, view }: FunctionsListProps) {
  const t = useTranslations('functions');
  const { connectionId, query, onChange } = list;
  const { namespaces, counts } = view;
  return (
    <ListBody
      of="functions"
      list={list}
      view={view}
      filters={
        <>
          <FilterSelect
            label={t('namespace')}
            any={t('anyNamespace')}
            values={namespaces}
            value={query.namespace}
            onChange={(namespace) => onChange({ namespace })}
            className="w-40!"
          />
          <FilterSelect
            label={t('column.use')}
            any={t('anyUse')}
            values={functionUses}
            nameOf={(use) => t(`use.${use}`)}
            value={query.use}
            onChange={(use) => onChange({ use })}
            className="w-36!"
          />
        </>
      }
      onClear={() => onChange(everything)}
      note={
        counts.error ? (
          <span>
            {t('countsFailed')} <CloudErrorText error={counts.error} />
          </span>
        ) : null
      }
      columns={functionColumns}
      columnName={(column) => t(`column.${column}`)}
      look={columnLook}
      cell={(fn, column) => <FunctionCell fn={fn} column={column} connectionId={connectionId} />}
      rowKey={({ region, namespace, name }) => `${region}/${namespace}/${name}`}
      cardPx={cardPx}
    />
  );
}
