'use client';

import { Plus, Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useAddressState } from '@/components/shell/use-address-state';
import { Person } from '@/components/ui/base/person';
import { Button, ButtonLink } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { FilterCheckbox, FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
import { useMay } from '@/lib/client/session/rights';
import type { DiversionSummary } from '@/lib/contract/diversion';
import { formatNames } from '@/lib/diversion/format-names';
import { diversionKinds } from '@/lib/diversion/routes';
import { routes } from '@/lib/routes';
import { diversionStates } from '@/lib/run/model/diversion-state';
import { AttentionList } from './attention-list';
import { BreakGlassChip } from './break-glass-mark';
import { filterDiversions, parseListState, seriesKinds, writeListState } from './list-state';
import { SeriesMark } from './series-mark';
import { StateChip } from './state-chip';

type DiversionListProps = {
  readonly diversions: readonly DiversionSummary[];
  /** The account for new diversions; null = no account is connected. */
  readonly connectionId: string | null;
  /** The import of a plan. */
  readonly importing: ReactNode;
};

/** All diversions, newest first, with the filters in the address. */
export function DiversionList({ diversions, connectionId, importing }: DiversionListProps) {
  const t = useTranslations('diversions.list');
  const all = useTranslations('diversions');
  const mayOperate = useMay('operate');
  const columns = useColumns();
  const [filters, change] = useAddressState(parseListState, writeListState);
  const shown = filterDiversions(diversions, filters);
  const create =
    connectionId === null || !mayOperate ? null : (
      <ButtonLink variant="primary" icon={<Plus aria-hidden />} href={routes.newDiversion(connectionId)}>
        {t('new')}
      </ButtonLink>
    );
  if (diversions.length === 0)
    return (
      <PageFrame>
        {importing}
        <Panel flush>
          <EmptyState icon={<Split aria-hidden />} title={t('emptyTitle')} actions={create}>
            {t('empty')}
          </EmptyState>
        </Panel>
      </PageFrame>
    );
  return (
    <PageFrame>
      <Toolbar>
        <SearchInput
          label={t('search')}
          hint={t('searchHint')}
          value={filters.search}
          onChange={(search) => change({ search })}
        />
        <FilterSelect
          label={t('state')}
          any={t('anyState')}
          values={diversionStates}
          nameOf={(state) => all(`state.${state}`)}
          value={filters.state}
          onChange={(state) => change({ state })}
          className="w-36!"
        />
        <FilterSelect
          label={t('kind')}
          any={t('anyKind')}
          values={diversionKinds}
          nameOf={(kind) => all(`kind.${kind}`)}
          value={filters.kind}
          onChange={(kind) => change({ kind })}
          className="w-32!"
        />
        <FilterSelect
          label={t('series')}
          any={t('anySeries')}
          values={seriesKinds}
          nameOf={(kind) => t(`seriesKind.${kind}`)}
          value={filters.series}
          onChange={(series) => change({ series })}
          className="w-36!"
        />
        <FilterCheckbox
          label={t('onlyAttention')}
          checked={filters.onlyAttention}
          onChange={(onlyAttention) => change({ onlyAttention })}
        />
        <span role="status" className="ml-auto text-12 text-ink-2">
          {t('count', { shown: shown.length })}
        </span>
        {create}
      </Toolbar>
      {importing}
      <Panel flush>
        {shown.length === 0 ? (
          <div className="flex flex-wrap items-center gap-3 px-4 py-3 text-12 text-ink-2">
            {t('none')}
            <Button size="sm" onClick={() => change(parseListState(new URLSearchParams()))}>
              {t('clear')}
            </Button>
          </div>
        ) : (
          <DataTable label={t('table')} columns={columns} rows={shown} rowKey={({ id }) => id} />
        )}
      </Panel>
    </PageFrame>
  );
}

function useColumns(): readonly Column<DiversionSummary>[] {
  const t = useTranslations('diversions.list');
  const all = useTranslations('diversions');
  return [
    {
      name: t('name'),
      cell: ({ id, name, series }) => (
        <>
          <TextLink href={routes.diversion(id)}>{name}</TextLink> <Mono>{id}</Mono>{' '}
          <SeriesMark series={series} />
        </>
      ),
    },
    {
      name: t('state'),
      cell: ({ state, current }) => (
        <span className="flex flex-wrap gap-1">
          <StateChip state={state} hasOutage={current?.hasOutage ?? false} />
          <BreakGlassChip mark={current?.approvals.breakGlass} />
        </span>
      ),
    },
    { name: t('kind'), cell: ({ kind }) => all(`kind.${kind}`) },
    {
      name: t('domains'),
      cell: ({ domains }) => (
        <span title={domains.join(', ')}>{formatNames(domains, domains.length > 2 ? 1 : 2)}</span>
      ),
    },
    { name: t('connection'), cell: ({ connectionName }) => connectionName },
    { name: t('owner'), cell: ({ owner }) => <Person address={owner} /> },
    { name: t('clock'), cell: ({ current }) => <ClockCell current={current} /> },
    {
      name: t('attention'),
      cell: ({ attention, newest }) =>
        attention.length === 0 ? (
          <span className="text-ink-3">{t('noAttention')}</span>
        ) : (
          <AttentionList attention={attention} newest={newest} />
        ),
    },
  ];
}

function ClockCell({ current }: Pick<DiversionSummary, 'current'>) {
  const t = useTranslations('diversions.list');
  if (current === null || current.runId === null) return <span className="text-ink-3">{t('noClock')}</span>;
  const { cutover } = current;
  if (cutover === null) return t('atOnce');
  return (
    <span className="inline-flex flex-wrap gap-x-1">
      <Time at={cutover.t0} zone={cutover.zone} />
      {cutover.t1 === null ? null : (
        <>
          {t('until')} <Time at={cutover.t1} zone={cutover.zone} />
        </>
      )}
    </span>
  );
}
