'use client';

import { Download, Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ListBody } from '@/components/lists/list-body';
import { useList } from '@/components/lists/use-list';
import { ButtonLink } from '@/components/ui/button';
import type { ColumnLook } from '@/components/ui/tables/list-table';
import { FilterSelect } from '@/components/ui/toolbar';
import { useMay } from '@/lib/client/session/rights';
import type { BindingsView } from '@/lib/contract/estate';
import {
  type BindingColumn,
  type BindingQuery,
  bindingColumns,
  type DatedBinding,
} from '@/lib/estate/bindings/binding-query';
import { bindingHealths, bindingKinds } from '@/lib/estate/bindings/bindings';
import { routes } from '@/lib/routes';
import { BindingCell } from './binding-cell';
import { bindingsSource } from './bindings-source';

/** Provides the list of the bindings of a connection, with the filter and order of the address. */
export const useBindings = (connectionId: string) => useList(connectionId, bindingsSource);

// The widest cells of all columns fit each breakpoint beside a scrollbar; wider windows give columns more.
const columnLook: ColumnLook<BindingColumn> = {
  domain: { cell: 'max-w-64 md:max-w-32 lg:max-w-44 max-md:order-1 max-md:text-13 max-md:col-span-2' },
  loadBalancer: { cell: 'max-w-44 md:max-lg:max-w-22 max-md:order-4' },
  listener: { cell: 'max-md:order-5 max-md:text-right' },
  region: { head: 'max-xl:hidden', cell: 'max-xl:hidden' },
  // The mark of what is bound shows the kind, too.
  kind: { head: 'max-lg:hidden', cell: 'md:max-lg:hidden max-md:order-3 max-md:text-right' },
  bound: { cell: 'max-w-64 md:max-w-24 lg:max-w-40 max-md:order-2' },
  health: { cell: 'max-md:order-6' },
  dnsNames: { head: 'max-xl:hidden', cell: 'max-w-40 max-xl:hidden' },
  changedAt: { head: 'max-lg:hidden', cell: 'max-lg:hidden' },
};

/** The estimated height of a card in px; each card is measured. */
const cardPx = 92;

const everything = { search: '', region: null, kind: null, health: null } as const;

type BindingsListProps = {
  readonly list: ReturnType<typeof useBindings>;
  readonly view: BindingsView;
};

/** The bindings that match a filter, in order. */
export function BindingsList({ list, view }: BindingsListProps) {
  const t = useTranslations('bindings');
  const { connectionId, query, onChange } = list;
  const mayOperate = useMay('operate', { connections: [connectionId], regions: [], domains: [] });
  return (
    <ListBody
      of="bindings"
      list={list}
      view={view}
      filters={
        <>
          <FilterSelect
            label={t('column.kind')}
            any={t('anyKind')}
            values={bindingKinds}
            nameOf={(kind) => t(`kind.${kind}`)}
            value={query.kind}
            onChange={(kind) => onChange({ kind })}
            className="w-40!"
          />
          <FilterSelect
            label={t('column.health')}
            any={t('anyHealth')}
            values={bindingHealths}
            nameOf={(health) => t(`health.${health}`)}
            value={query.health}
            onChange={(health) => onChange({ health })}
            className="w-36!"
          />
          <CsvLink connectionId={connectionId} query={query} count={view.found} />
        </>
      }
      onClear={() => onChange(everything)}
      columns={bindingColumns}
      columnName={(column) => t(`column.${column}`)}
      look={columnLook}
      cell={(binding, column) => (
        <BindingCell binding={binding} column={column} connectionId={connectionId} />
      )}
      action={
        mayOperate
          ? {
              name: t('column.divert'),
              cell: (binding) => <DivertLink binding={binding} connectionId={connectionId} />,
            }
          : null
      }
      rowKey={({ list: kind, id }) => `${kind}/${id}`}
      cardPx={cardPx}
    />
  );
}

type CsvLinkProps = {
  readonly connectionId: string;
  readonly query: BindingQuery;
  /** The number of bindings shown. */
  readonly count: number;
};

/** Exports the bindings shown. */
function CsvLink({ connectionId, query, count }: CsvLinkProps) {
  const t = useTranslations('bindings');
  return (
    <span className="ml-auto inline-flex items-center gap-2 max-md:hidden">
      <span className="text-12 text-ink-3 max-xl:hidden">{t('csvNote', { count })}</span>
      <ButtonLink
        href={routes.api.bindingsCsv(connectionId, bindingsSource.write(new URLSearchParams(), query))}
        prefetch={false}
        download
        icon={<Download aria-hidden />}
      >
        {t('csv')}
      </ButtonLink>
    </span>
  );
}

/** A plain host name. A diversion can't move a wildcard or an expression. */
const hostName = /^[a-z0-9.-]+$/i;

type DivertLinkProps = { readonly binding: DatedBinding; readonly connectionId: string };

function DivertLink({ binding: { list, id, domain, region }, connectionId }: DivertLinkProps) {
  const t = useTranslations('bindings');
  const domains = domain === null ? [] : [domain];
  const mayOperate = useMay('operate', { connections: [connectionId], regions: [region], domains });
  if (!mayOperate || list !== 'rules' || domain === null || !hostName.test(domain)) return null;
  return (
    <ButtonLink
      size="sm"
      href={routes.newDiversion(connectionId, { domain, rule: id })}
      prefetch={false}
      icon={<Split aria-hidden />}
      aria-label={t('divertName', { domain })}
    >
      <span className="md:max-lg:hidden">{t('divert')}</span>
    </ButtonLink>
  );
}
