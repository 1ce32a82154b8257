import { useTranslations } from 'next-intl';
import { phaseLook } from '@/components/steps/phase-look';
import { classes } from '@/components/ui/classes';
import { AsOf } from '@/components/ui/time';
import type { ScheduleView } from '@/lib/contract/schedule';
import { NightRow } from './night-row';
import type { Night } from './nights';

type WeekViewProps = {
  readonly view: ScheduleView;
  readonly nights: readonly Night[];
  /** Shows only one of the nights; null = it already is the only one. */
  readonly onZoom: ((date: string) => void) | null;
  readonly zone: string;
  readonly now: number | null;
};

const hours = Array.from({ length: 13 }, (_, index) => (12 + 2 * index) % 24);
const shownPhases = ['prewarm', 'divert', 'diverted', 'rollback'] as const;

/** Nights, one row each from noon to noon. */
export function WeekView({ view, nights, onZoom, zone, now }: WeekViewProps) {
  const t = useTranslations('schedule.week');
  const conflicting = new Set(view.conflicts.flatMap(({ runIds }) => runIds));
  return (
    <section
      aria-label={t('label')}
      className="min-w-0 overflow-hidden rounded-lg border border-line bg-surface"
    >
      <div aria-hidden className="grid h-8 grid-cols-[5.75rem_minmax(0,1fr)] border-b border-line pr-3">
        <div className="relative col-start-2 text-11 text-ink-3 tabular-nums">
          {hours.map((hour, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: noon is at both ends
              key={index}
              className={classes(
                'absolute top-2',
                index === 0 ? '' : index === 12 ? '-translate-x-full' : '-translate-x-1/2',
                hour === 0 && 'font-semibold text-ink',
                // Two hours are too narrow for a label on a narrower screen.
                index % 2 === 1 && 'max-xl:hidden',
              )}
              style={{ left: `${(index * 100) / 12}%` }}
            >
              {`${String(hour).padStart(2, '0')}:00`}
            </span>
          ))}
        </div>
      </div>
      {nights.map((night) => (
        <NightRow
          key={night.date}
          {...{ night, zone, now, conflicting, onZoom }}
          cutovers={view.cutovers}
          upcoming={view.upcoming}
          freezes={view.freezes}
        />
      ))}
      <Legend now={view.now} />
    </section>
  );
}

function Legend({ now }: { readonly now: string }) {
  const t = useTranslations();
  const mark = 'h-2.5 w-3.5 shrink-0 rounded-[1px]';
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-3.5 gap-y-1 px-4 py-2 text-12 text-ink-2">
      <ul aria-label={t('schedule.week.legend')} className="contents">
        {shownPhases.map((phase) => (
          <li key={phase} className="flex items-center gap-1.5">
            <span aria-hidden className={classes(mark, phaseLook[phase])} />
            {t(`plan.phase.${phase}`)}
          </li>
        ))}
        <li className="flex items-center gap-1.5">
          <span aria-hidden className={classes(mark, 'border border-line-strong bg-hatch-plan')} />
          {t('schedule.week.freezeKey')}
        </li>
        <li className="flex items-center gap-1.5">
          <span aria-hidden className={classes(mark, 'border border-dashed border-control')} />
          {t('schedule.upcoming.notCreated')}
        </li>
        <li className="flex items-center gap-1.5">
          <span
            aria-hidden
            className={classes(
              'h-2.5 w-6 shrink-0 rounded-[1px] mask-r-from-30% mask-r-to-100%',
              phaseLook.diverted,
            )}
          />
          {t('schedule.week.openKey')}
        </li>
      </ul>
      <span className="ml-auto">
        <AsOf at={now} />
      </span>
    </div>
  );
}
