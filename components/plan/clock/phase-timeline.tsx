import { useTranslations } from 'next-intl';
import { phaseLook } from '@/components/steps/phase-head';
import { classes } from '@/components/ui/classes';
import { Time } from '@/components/ui/time';
import type { PhaseTime } from './phase-times';

type PhaseTimelineProps = { readonly times: readonly PhaseTime[]; readonly zone: string };

/**
 * Returns the flex-grow of a phase. Long phases would leave no room for those of seconds, so widths grow with the
 * square root of the duration.
 */
function growth({ from, to }: PhaseTime): number {
  return to === null ? 60 : Math.sqrt(Math.max(1, (to - from) / 1000));
}

/** The phases of a cutover as one bar, with the start of each. */
export function PhaseTimeline({ times, zone }: PhaseTimelineProps) {
  const t = useTranslations('plan');
  return (
    <section aria-label={t('schedule.timeline')} className="grid gap-2">
      <div aria-hidden className="flex h-4.5 overflow-hidden rounded-sm">
        {times.map((time) => (
          <span
            key={time.phase}
            className={classes('min-w-2', phaseLook[time.phase])}
            style={{ flexGrow: growth(time) }}
          />
        ))}
      </div>
      <ol className="grid gap-x-6 gap-y-1 text-12 md:grid-cols-2">
        {times.map(({ phase, from }) => (
          <li key={phase} className="flex items-center gap-1.5">
            <span aria-hidden className={classes('h-2.5 w-3.5 shrink-0 rounded-[1px]', phaseLook[phase])} />
            <span className="text-ink-2">{t(`phase.${phase}`)}</span>
            <span className="ml-auto">
              <Time at={new Date(from).toISOString()} zone={zone} />
            </span>
          </li>
        ))}
      </ol>
      {times.at(-1)?.to === null ? <p className="text-12 text-ink-2">{t('schedule.staysNote')}</p> : null}
    </section>
  );
}
