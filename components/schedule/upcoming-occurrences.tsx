import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Mono } from '@/components/ui/copyable';
import { formatInstant } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { UpcomingOccurrence } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import type { Piece } from './nights';

const percent = (share: number) => `${share * 100}%`;

type UpcomingBarProps = {
  readonly occurrence: UpcomingOccurrence;
  readonly piece: Piece;
  readonly topPx: number;
  readonly zone: string;
};

/** An occurrence that is not created yet, as an outline in one night, linked to its series. */
export function UpcomingBar({ occurrence, piece, topPx, zone }: UpcomingBarProps) {
  const t = useTranslations('schedule.upcoming');
  const { name, seriesId, t0, t1 } = occurrence;
  const times = { t0: formatInstant(t0, zone, null), t1: formatInstant(t1, zone, null) };
  return (
    <li
      className="absolute z-1"
      style={{ left: percent(piece.left), width: percent(piece.width), top: topPx }}
    >
      <Link
        href={routes.diversion(seriesId)}
        aria-label={t('bar', { name, ...times })}
        className="group block h-12 min-w-2.5 text-12 text-ink-2"
      >
        <span
          className={`absolute top-0 bg-(--row) pr-1 whitespace-nowrap ${piece.left > 0.72 ? 'right-0' : 'left-0'}`}
        >
          <span className="inline-block max-w-40 truncate align-bottom group-hover:underline">{name}</span>{' '}
          <span className="text-ink-3">{t('notCreated')}</span>
        </span>
        <span className="absolute inset-x-0 top-6 h-6 rounded-sm border border-dashed border-control" />
      </Link>
    </li>
  );
}

type UpcomingTableProps = { readonly upcoming: readonly UpcomingOccurrence[]; readonly zone: string };

/** The occurrences that are not created yet, as rows; renders nothing without any. */
export function UpcomingTable({ upcoming, zone }: UpcomingTableProps) {
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
