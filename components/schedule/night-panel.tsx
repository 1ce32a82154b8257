import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ScheduleView } from '@/lib/contract/schedule';
import { addDays } from '@/lib/diversion/wall-clock';
import { routes } from '@/lib/routes';
import { longDay } from './day-words';
import { listNightEntries, type NightEntry } from './list-overlaps';
import type { Night } from './nights';
import { SpanHead } from './span-head';

type NightHeadProps = {
  /** The date of the night's evening. */
  readonly date: string;
  /** null = back to the week. */
  readonly onChange: (date: string | null) => void;
};

/** Shows the selected night, with navigation to its neighbours and back to the week. */
export function NightHead({ date, onChange }: NightHeadProps) {
  const t = useTranslations('schedule.night');
  return (
    <SpanHead
      title={t('range', { from: longDay(date), to: longDay(addDays(date, 1)) })}
      before={t('before')}
      after={t('after')}
      onMove={(by) => onChange(addDays(date, by))}
    >
      <Button size="sm" onClick={() => onChange(null)}>
        {t('toWeek')}
      </Button>
    </SpanHead>
  );
}

type NightPanelProps = {
  readonly view: ScheduleView;
  readonly night: Night;
  readonly zone: string;
};

/** Lists the items of a night and their overlaps. */
export function NightPanel({ view, night, zone }: NightPanelProps) {
  const t = useTranslations('schedule.night');
  const conflicting = new Set<string>(view.conflicts.flatMap(({ runIds }) => runIds));
  const time = (at: number) => <Time at={new Date(at).toISOString()} pageZone={zone} />;
  const columns: readonly Column<NightEntry>[] = [
    {
      name: t('what'),
      cell: ({ name, cutover }) =>
        cutover === null ? (
          t('freeze', { name })
        ) : (
          <TextLink href={routes.run(cutover.runId)}>{`${name} (${cutover.runId})`}</TextLink>
        ),
    },
    { name: t('from'), cell: ({ from }) => time(from) },
    { name: t('to'), cell: ({ to }) => time(to) },
    {
      name: t('overlaps'),
      cell: ({ overlaps, cutover }) => (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          {overlaps.length === 0 ? <span className="text-ink-3">{t('nothing')}</span> : overlaps.join(', ')}
          {cutover !== null && conflicting.has(cutover.runId) ? (
            <Chip tone="bad">{t('conflict')}</Chip>
          ) : null}
        </span>
      ),
    },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={listNightEntries(night, view.cutovers, view.freezes)}
        rowKey={({ key }) => key}
        none={t('empty')}
      />
    </Panel>
  );
}
