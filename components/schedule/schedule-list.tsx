import { useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { Status } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ScheduledCutover, UpcomingOccurrence } from '@/lib/contract/schedule';
import { routes } from '@/lib/routes';

type ScheduleListProps = {
  readonly coming: readonly ScheduledCutover[];
  readonly past: readonly ScheduledCutover[];
  readonly upcoming: readonly UpcomingOccurrence[];
  readonly zone: string;
};

/** The content of the week view as tables: for keyboards, screen readers and small screens. */
export function ScheduleList({ coming, past, upcoming, zone }: ScheduleListProps) {
  const t = useTranslations('schedule.list');
  return (
    <>
      <CutoverTable title={t('coming')} cutovers={coming} zone={zone} none={t('noComing')} />
      <UpcomingTable upcoming={upcoming} zone={zone} />
      {past.length === 0 ? null : <CutoverTable title={t('past')} cutovers={past} zone={zone} none="" />}
    </>
  );
}

type CutoverTableProps = {
  readonly title: string;
  readonly cutovers: readonly ScheduledCutover[];
  readonly zone: string;
  /** The text for an empty table. */
  readonly none: string;
};

/** Cutovers as rows. */
function CutoverTable({ title, cutovers, zone, none }: CutoverTableProps) {
  const t = useTranslations('schedule.list');
  const columns: readonly Column<ScheduledCutover>[] = [
    {
      name: t('name'),
      cell: ({ name, runId }) => (
        <>
          <TextLink href={routes.run(runId)}>{name}</TextLink> <Mono>{runId}</Mono>
        </>
      ),
    },
    {
      name: t('state'),
      cell: ({ state, hasOutage, problems }) => (
        <span className="inline-flex flex-wrap items-center gap-2">
          <RunStateMark state={state} hasOutage={hasOutage} />
          {problems.length === 0 ? null : (
            <Status tone="warn">{t('problems', { count: problems.length })}</Status>
          )}
        </span>
      ),
    },
    { name: t('connection'), cell: ({ connectionName }) => connectionName },
    { name: t('prewarm'), cell: ({ prewarmAt }) => <Time at={prewarmAt} pageZone={zone} /> },
    { name: t('t0'), cell: ({ cutover }) => <Time at={cutover.t0} pageZone={zone} /> },
    {
      name: t('t1'),
      cell: ({ cutover: { t1 } }) => (t1 === null ? t('stays') : <Time at={t1} pageZone={zone} />),
    },
    {
      name: t('late'),
      className: 'tabular-nums',
      cell: ({ latenessMs }) =>
        latenessMs === null ? <span className="text-ink-3">{t('notYet')}</span> : formatDuration(latenessMs),
    },
    { name: t('writes'), isNumber: true, cell: ({ writes }) => writes },
  ];
  return (
    <Panel title={title} flush>
      <DataTable label={title} columns={columns} rows={cutovers} rowKey={({ runId }) => runId} none={none} />
    </Panel>
  );
}

type UpcomingTableProps = { readonly upcoming: readonly UpcomingOccurrence[]; readonly zone: string };

/** The occurrences that are not created yet, as rows; renders nothing without any. */
function UpcomingTable({ upcoming, zone }: UpcomingTableProps) {
  const t = useTranslations('schedule.upcoming');
  if (upcoming.length === 0) return null;
  const columns: readonly Column<UpcomingOccurrence>[] = [
    {
      name: t('name'),
      cell: ({ seriesId, name }) => (
        <>
          <TextLink href={routes.diversion(seriesId)}>{name}</TextLink> <Mono>{seriesId}</Mono>
        </>
      ),
    },
    { name: t('connection'), cell: ({ connectionName }) => connectionName },
    { name: t('t0'), cell: ({ t0 }) => <Time at={t0} pageZone={zone} /> },
    { name: t('t1'), cell: ({ t1 }) => <Time at={t1} pageZone={zone} /> },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={upcoming}
        rowKey={({ seriesId, date }) => `${seriesId} ${date}`}
        scroll={{ label: t('title'), className: 'max-h-96' }}
      />
    </Panel>
  );
}
