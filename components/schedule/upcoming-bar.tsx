import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { formatInstant } from '@/components/ui/format-time';
import type { UpcomingOccurrence } from '@/lib/contract/schedule';
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
