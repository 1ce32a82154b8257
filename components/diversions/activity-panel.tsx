'use client';

import { Download, FileText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useAddressState } from '@/components/shell/use-address-state';
import { StepTitle } from '@/components/steps/step-title';
import { Person } from '@/components/ui/base/person';
import { Status } from '@/components/ui/chip';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { FilterSelect } from '@/components/ui/toolbar';
import type { ActivityEntry, ActivityView } from '@/lib/contract/diversion';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { routes } from '@/lib/routes';
import {
  type ActivityFilter,
  activityFilters,
  entryDetails,
  entryWords,
  fitsFilter,
  isProblem,
} from './activity-words';

const parse = (params: URLSearchParams): { readonly only: ActivityFilter } => ({
  only: activityFilters.find((filter) => filter === params.get('only')) ?? 'all',
});
const write = (params: URLSearchParams, { only }: { readonly only: ActivityFilter }) => {
  const next = new URLSearchParams(params);
  if (only === 'all') next.delete('only');
  else next.set('only', only);
  return next;
};

/** An entry with its index as its key: the list is append-only. */
type Row = { readonly place: number; readonly entry: ActivityEntry };

/** All events of a diversion, newest first, with a filter in the address. */
export function ActivityPanel({ activity }: { readonly activity: ActivityView }) {
  const t = useTranslations('diversions.activity');
  const [{ only }, change] = useAddressState(parse, write);
  const columns = useColumns();
  const rows = activity.entries
    .map((entry, place): Row => ({ place, entry }))
    .filter(({ entry }) => fitsFilter(entry, only))
    .reverse();
  return (
    <Panel
      flush
      title={t('table')}
      aside={
        <>
          <span role="status" className="text-12 text-ink-2">
            {t('count', { count: rows.length })}
          </span>
          <FilterSelect
            label={t('filter')}
            any={t('only.all')}
            values={activityFilters.slice(1)}
            nameOf={(filter) => t(`only.${filter}`)}
            value={only === 'all' ? null : only}
            onChange={(filter) => change({ only: filter ?? 'all' })}
            className="w-36!"
          />
          <TextLink href={routes.postMortem(activity.diversionId)} className="text-12">
            <FileText aria-hidden className="size-3.5" />
            {t('postMortem')}
          </TextLink>
          <a
            href={`${routes.api.activity(activity.diversionId)}?download`}
            download
            className="inline-flex items-center gap-1 text-12 font-medium text-accent underline decoration-accent-line underline-offset-2"
          >
            <Download aria-hidden className="size-3.5" />
            {t('export')}
          </a>
        </>
      }
    >
      <DataTable
        label={t('table')}
        columns={columns}
        rows={rows}
        rowKey={({ place }) => place}
        none={t('none')}
        scroll={{ label: t('table'), className: 'max-h-[70vh]' }}
      />
    </Panel>
  );
}

/** All events in order, without filter and without rounds of measures, for printing. */
export function ActivityTable({ entries }: { readonly entries: readonly ActivityEntry[] }) {
  const t = useTranslations('diversions.activity');
  const columns = useColumns();
  const rows = entries
    .map((entry, place): Row => ({ place, entry }))
    .filter(({ entry }) => fitsFilter(entry, 'all'));
  return <DataTable label={t('table')} columns={columns} rows={rows} rowKey={({ place }) => place} />;
}

function useColumns(): readonly Column<Row>[] {
  const t = useTranslations('diversions.activity');
  return [
    { name: t('time'), cell: ({ entry }) => <Time at={entry.at} /> },
    { name: t('what'), cell: ({ entry }) => <What entry={entry} /> },
    { name: t('details'), cell: ({ entry }) => <Details entry={entry} />, className: 'break-words' },
    {
      name: t('who'),
      cell: ({ entry: { actor, at } }) =>
        actor === null ? (
          <span className="text-ink-3">{t('spillway')}</span>
        ) : (
          <Person address={actor} at={at} />
        ),
    },
    { name: t('where'), cell: ({ entry }) => <Where entry={entry} /> },
  ];
}

function What({ entry }: { readonly entry: ActivityEntry }) {
  const t = useAnyKey('diversions.activity.event');
  const { key, values } = entryWords(entry);
  const text = t(key, values);
  const step = entry.kind === 'run' ? entry.step : null;
  return (
    <div>
      {isProblem(entry) ? <Status tone="warn">{text}</Status> : text}
      {step === null ? null : (
        <p className="text-12 text-ink-2">
          <StepTitle step={step} />
        </p>
      )}
    </div>
  );
}

function Details({ entry }: { readonly entry: ActivityEntry }) {
  const t = useAnyKey('diversions.activity');
  const details = entryDetails(entry);
  if (details.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-3 text-12 text-ink-2 max-md:justify-end">
      {details.map((detail) => {
        if (typeof detail === 'string') return <li key={detail}>{detail}</li>;
        const ms = detail.values?.durationMs;
        const { from, to } = detail.values ?? {};
        const values = {
          ...detail.values,
          duration: typeof ms === 'number' ? formatDuration(ms) : '',
          from: () => <Time at={String(from)} />,
          to: () => <Time at={String(to)} />,
        };
        return <li key={detail.key}>{t.rich(detail.key, values)}</li>;
      })}
    </ul>
  );
}

function Where({ entry }: { readonly entry: ActivityEntry }) {
  if ('planId' in entry) return <TextLink href={routes.plan(entry.planId)}>{entry.planId}</TextLink>;
  if ('runId' in entry) return <TextLink href={routes.run(entry.runId)}>{entry.runId}</TextLink>;
  return null;
}
