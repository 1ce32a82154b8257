import { useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-chip';
import { Status } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ScheduledCutover } from '@/lib/client/views';
import { routes } from '@/lib/routes';

type CutoverTableProps = {
  readonly title: string;
  readonly cutovers: readonly ScheduledCutover[];
  readonly zone: string;
  /** The text for an empty table. */
  readonly none: string;
};

/** Cutovers as rows: the content of the week view for keyboards, screen readers and small screens. */
export function CutoverTable({ title, cutovers, zone, none }: CutoverTableProps) {
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
