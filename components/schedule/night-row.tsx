import { useTranslations } from 'next-intl';
import { Chip } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import type { FreezeView, ScheduledCutover, UpcomingOccurrence } from '@/lib/contract/schedule';
import { listIntervals } from '@/lib/diversion/freeze-times';
import { addDays, wallAt } from '@/lib/diversion/wall-clock';
import { CutoverBar, laneHeightPx } from './cutover-bar';
import { wholeSpan } from './cutover-spans';
import { shortDay } from './day-words';
import { assignLanes, extraHours, type Night, pieceIn } from './nights';
import { UpcomingBar } from './upcoming-bar';

type NightRowProps = {
  readonly night: Night;
  readonly zone: string;
  /** Epoch ms; null while the server renders. */
  readonly now: number | null;
  readonly cutovers: readonly ScheduledCutover[];
  readonly upcoming: readonly UpcomingOccurrence[];
  readonly freezes: readonly FreezeView[];
  readonly conflicting: ReadonlySet<string>;
  /** Shows only this night; null = it already is the only one. */
  readonly onZoom: ((date: string) => void) | null;
};

/** The width of the name above a short bar, as a share of the night. */
const nameWidth = 0.3;
const percent = (share: number) => `${share * 100}%`;

/** One night: its freezes, its cutovers, and the current time. */
export function NightRow({
  night,
  zone,
  now,
  cutovers,
  upcoming,
  freezes,
  conflicting,
  onZoom,
}: NightRowProps) {
  const t = useTranslations('schedule.week');
  const isTonight = now !== null && night.from <= now && now < night.to;
  const extra = extraHours(night);
  const bars = cutovers.flatMap((cutover) => {
    const piece = pieceIn(night, wholeSpan(cutover));
    return piece === null ? [] : [{ cutover, piece }];
  });
  const outlines = upcoming.flatMap((occurrence) => {
    const span = { from: Date.parse(occurrence.t0), to: Date.parse(occurrence.t1) };
    const piece = pieceIn(night, span);
    return piece === null ? [] : [{ occurrence, piece }];
  });
  const lanes = assignLanes(
    [...bars, ...outlines].map(({ piece }) => piece),
    nameWidth,
  );
  const [from, to] = [shortDay(night.date), shortDay(addDays(night.date, 1))];
  return (
    <section
      aria-label={t('night', { from, to })}
      className={classes(
        'grid grid-cols-[5.75rem_minmax(0,1fr)] border-b border-line pr-3',
        isTonight
          ? '[--row:color-mix(in_srgb,var(--accent-soft)_40%,var(--surface))] bg-(--row)'
          : '[--row:var(--surface)]',
      )}
      style={{ minHeight: Math.max(84, 20 + (Math.max(-1, ...lanes) + 1) * laneHeightPx) }}
    >
      <div className="flex flex-col items-start gap-0.5 py-3 pr-2 pl-4 leading-4.5">
        {onZoom === null ? (
          <span className="font-semibold">{from}</span>
        ) : (
          <button
            type="button"
            aria-label={t('zoom', { from, to })}
            title={t('zoom', { from, to })}
            className="min-h-6 text-left font-semibold underline-offset-2 hover:underline"
            onClick={() => onZoom(night.date)}
          >
            {from}
          </button>
        )}
        <span className="text-12 text-ink-3">{t('to', { day: to })}</span>
        {isTonight ? <Chip tone="accent">{t('tonight')}</Chip> : null}
        {extra === 0 ? null : (
          <span className="text-11 text-ink-3">{t('longer', { hours: String(extra) })}</span>
        )}
      </div>
      <div className="relative bg-[repeating-linear-gradient(90deg,var(--line)_0_1px,transparent_1px_calc(100%/12))] before:absolute before:inset-y-0 before:left-1/2 before:border-l before:border-control">
        {freezes.map((freeze) => (
          <FrozenTimes key={freeze.id} freeze={freeze} night={night} />
        ))}
        {isTonight ? <NowLine night={night} now={now} zone={zone} /> : null}
        {bars.length + outlines.length === 0 ? null : (
          <ul>
            {bars.map(({ cutover, piece }, index) => (
              <CutoverBar
                key={cutover.runId}
                {...{ cutover, night, piece, zone }}
                lane={lanes[index] ?? 0}
                isInConflict={conflicting.has(cutover.runId)}
              />
            ))}
            {outlines.map(({ occurrence, piece }, index) => (
              <UpcomingBar
                key={`${occurrence.seriesId} ${occurrence.date}`}
                {...{ occurrence, piece, zone }}
                topPx={12 + (lanes[bars.length + index] ?? 0) * laneHeightPx}
              />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function FrozenTimes({ freeze, night }: { readonly freeze: FreezeView; readonly night: Night }) {
  const t = useTranslations('schedule.week');
  return listIntervals(freeze.span, night.from, night.to).map((interval) => {
    const piece = pieceIn(night, interval);
    if (piece === null) return null;
    return (
      <span
        key={interval.from}
        className="absolute inset-y-0 border-x border-line-strong bg-hatch-plan"
        style={{ left: percent(piece.left), width: percent(piece.width) }}
      >
        <span className="absolute bottom-1.5 left-1.5 z-1 max-w-40 truncate rounded-sm bg-surface px-1.5 text-11 text-ink-2">
          <span className="sr-only">{t('freeze', { name: '' })}</span>
          {freeze.name}
        </span>
      </span>
    );
  });
}

type NowLineProps = { readonly night: Night; readonly now: number; readonly zone: string };

function NowLine({ night, now, zone }: NowLineProps) {
  const t = useTranslations('schedule.week');
  const time = wallAt(now, zone).time.slice(0, 5);
  const share = (now - night.from) / (night.to - night.from);
  return (
    <span className="absolute inset-y-0 z-1 border-l-2 border-accent" style={{ left: percent(share) }}>
      <span className="sr-only">{t('now', { time })}</span>
      <span
        aria-hidden
        className={classes(
          'absolute bottom-0 bg-accent px-1.25 text-11 leading-4 font-semibold text-on-accent tabular-nums',
          // At the end of the row there is no room to the right.
          share > 0.9 ? '-right-px rounded-tl-[3px]' : '-left-px rounded-tr-[3px]',
        )}
      >
        {time}
      </span>
    </span>
  );
}
