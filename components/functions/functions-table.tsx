'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { Chip, KindMark, Status } from '@/components/ui/chip';
import { Table } from '@/components/ui/table';
import { ListRows } from '@/components/ui/tables/list-rows';
import { type ColumnLook, ListHead, ListRow } from '@/components/ui/tables/list-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { functionsQuery } from '@/lib/client/queries';
import { useRowWindow } from '@/lib/client/use-row-window';
import {
  type FunctionColumn,
  type FunctionQuery,
  functionColumns,
  type ListedFunction,
  writeFunctionQuery,
} from '@/lib/estate/functions/function-query';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import { statusTone } from './status-tone';

const columnLook: ColumnLook<FunctionColumn> = {
  name: { cell: 'max-w-72 max-md:col-span-2 max-md:text-13' },
  region: { cell: '' },
  runtime: { head: 'max-lg:hidden', cell: 'max-lg:hidden' },
  status: { cell: 'max-md:text-right' },
  versions: { head: 'max-md:hidden', cell: 'tabular-nums max-md:hidden' },
  aliases: { head: 'max-md:hidden', cell: 'tabular-nums max-md:hidden' },
  provisioned: { head: 'max-xl:hidden', cell: 'tabular-nums max-xl:hidden' },
  use: { cell: '' },
  calls: { head: 'max-lg:hidden', cell: 'tabular-nums max-lg:hidden' },
  errors: { head: 'max-lg:hidden', cell: 'tabular-nums max-lg:hidden' },
  modifiedAt: { head: 'max-xl:hidden', cell: 'max-xl:hidden' },
};

type FunctionCellProps = {
  readonly fn: ListedFunction;
  readonly column: FunctionColumn;
  readonly connectionId: string;
};

/** One value of a row. */
function FunctionCell({ fn, column, connectionId }: FunctionCellProps) {
  const t = useTranslations('functions');
  switch (column) {
    case 'name':
      return (
        <span className="inline-flex max-w-full items-center gap-1.5">
          <KindMark kind="scf" />
          <TextLink
            href={routes.function(connectionId, fn)}
            prefetch={false}
            title={`${fn.namespace}/${fn.name}`}
            className="inline! truncate font-semibold"
          >
            {fn.name}
          </TextLink>
          <span className="truncate text-ink-3">{fn.namespace}</span>
        </span>
      );
    case 'region':
      return <span className="text-ink-2">{fn.region}</span>;
    case 'runtime':
      return fn.type === 'HTTP' ? `${fn.runtime} (HTTP)` : fn.runtime;
    case 'status':
      return <Status tone={statusTone(fn.status)}>{fn.status}</Status>;
    case 'versions':
      return fn.versionCount;
    case 'aliases':
      return fn.aliasCount ?? <span className="text-ink-3">{t('unread')}</span>;
    case 'provisioned':
      return <Provisioned fn={fn} />;
    case 'use':
      return <Use fn={fn} />;
    case 'calls':
    case 'errors':
      return <Count count={fn[column]} isBad={column === 'errors'} />;
    case 'modifiedAt':
      return <Time at={fn.modifiedAt} />;
    default:
      return unreachable(column);
  }
}

/** A number of calls; errors are marked. */
function Count({ count, isBad }: { readonly count: number | null; readonly isBad: boolean }) {
  const t = useTranslations('functions');
  const format = useFormatter();
  if (count === null) return <span className="text-ink-3">{t('unmeasured')}</span>;
  return (
    <span className={isBad && count > 0 ? 'font-semibold text-bad-ink' : undefined}>
      {format.number(count)}
    </span>
  );
}

function Provisioned({ fn: { provisioned } }: { readonly fn: ListedFunction }) {
  const t = useTranslations('functions');
  if (provisioned === null) return <span className="text-ink-3">{t('unread')}</span>;
  if (provisioned.allocated === 0) return <span className="text-ink-3">{t('noWarm')}</span>;
  return t('warm', { ready: provisioned.available, count: provisioned.allocated });
}

/** The number of rules that use it, then its other triggers. */
function Use({ fn: { ruleCount, otherTriggerCount, leftBy } }: { readonly fn: ListedFunction }) {
  const t = useTranslations('functions');
  return (
    <span className="inline-flex items-center gap-2">
      {ruleCount > 0 ? (
        t('rules', { count: ruleCount })
      ) : (
        <Chip tone={leftBy === null ? 'neutral' : 'warn'}>
          {leftBy === null ? t('unused') : t('leftBy', { run: leftBy.runId })}
        </Chip>
      )}
      {otherTriggerCount ? (
        <span className="text-ink-3">{t('otherTriggers', { count: otherTriggerCount })}</span>
      ) : null}
    </span>
  );
}

type FunctionsTableProps = {
  readonly connectionId: string;
  /** The filter and the order of the rows. */
  readonly asked: FunctionQuery;
  /** The number of functions that it finds. */
  readonly found: number;
  readonly onSort: (column: FunctionColumn, descending: boolean) => void;
};

/** The usual height of a card in px: each is measured. */
const cardPx = 84;

const functionKey = ({ region, namespace, name }: ListedFunction) => `${region}/${namespace}/${name}`;

/** The functions as a table of any length. It reads the rows on the screen. Shows cards under 720 px. */
export function FunctionsTable({ connectionId, asked, found, onSort }: FunctionsTableProps) {
  const t = useTranslations('functions');
  const { sort, descending } = asked;
  const params = writeFunctionQuery(new URLSearchParams(), asked);
  const { onRange, rowAt } = useRowWindow({
    count: found,
    page: (number) => functionsQuery(connectionId, params, number),
    rows: (view): readonly ListedFunction[] => view?.rows ?? [],
    rowKey: functionKey,
  });
  return (
    <Table aria-label={t('listLabel')} aria-rowcount={found + 1}>
      <ListHead
        columns={functionColumns}
        look={columnLook}
        sort={sort}
        descending={descending}
        onSort={onSort}
        name={(column) => t(`column.${column}`)}
      />
      <ListRows
        count={found}
        columns={functionColumns.length}
        cardPx={cardPx}
        onRange={onRange}
        rowAt={rowAt}
        rowKey={functionKey}
        loading={t('rowLoading')}
        row={(fn, row) => (
          <ListRow
            key={functionKey(fn)}
            columns={functionColumns}
            look={columnLook}
            row={row}
            cell={(column) => <FunctionCell fn={fn} column={column} connectionId={connectionId} />}
          />
        )}
      />
    </Table>
  );
}
