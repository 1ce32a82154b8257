import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { DrillEvent } from '@/lib/rehearsal/report/drill-report';
import { useFigure } from './use-figure';

/** The results of events, from good to bad; each has a look of its own, without colour too. */
const results = ['met', 'missed', 'notEnded'] as const;
type Result = (typeof results)[number];

const looks: Readonly<Record<Result, string>> = {
  met: 'border border-ok-line bg-ok-soft',
  missed:
    'border border-warn bg-[repeating-linear-gradient(135deg,var(--warn)_0_2px,var(--warn-soft)_2px_5px)]',
  notEnded: 'bg-bad',
};

/** Returns the result of an event; `notEnded` = its run did not end as scheduled. */
export function getDrillResult({ verdict, missed }: Pick<DrillEvent, 'verdict' | 'missed'>): Result {
  if (verdict === 'met') return 'met';
  return missed.includes('ended') ? 'notEnded' : 'missed';
}

/** The powers of ten from the bottom to the top of the scale: 0.001 % to 100 %. */
const [bottom, top] = [-5, 0];
const ticks = [1, 0.1, 0.01, 0.001, 0.0001, 0.00001];

/** Returns the height of a lost share on the logarithmic scale, in percent; less than its bottom is 0. */
const toHeight = (share: number) =>
  share <= 10 ** bottom ? 0 : ((Math.log10(share) - bottom) / (top - bottom)) * 100;

type DrillChartProps = {
  readonly events: readonly DrillEvent[];
  /** The goal for the lost share; null = none. */
  readonly goal: number | null;
};

/** The events of a fire drill as bars by the requests that they lost, from the fewest to the most. */
export function DrillChart({ events, goal }: DrillChartProps) {
  const t = useTranslations('rehearsal.drill');
  const { write } = useFigure();
  const sorted = events.toSorted((a, b) => a.lostShare - b.lostShare);
  const middle = sorted[Math.floor(sorted.length / 2)]?.lostShare ?? 0;
  const most = sorted.at(-1)?.lostShare ?? 0;
  const label = t('chartLabel', {
    count: events.length,
    middle: write.share(middle),
    most: write.share(most),
  });
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-12">
        <span className="font-medium">{t('chart')}</span>
        {results.map((result) => (
          <span key={result} className="inline-flex items-center gap-1.5 text-ink-2">
            <span aria-hidden className={classes('size-3 print:[print-color-adjust:exact]', looks[result])} />
            {t(`legend.${result}`, {
              count: events.filter((event) => getDrillResult(event) === result).length,
            })}
          </span>
        ))}
      </figcaption>
      <div
        role="img"
        aria-label={label}
        className="relative mt-3 mb-1 ml-14 h-40 print:[print-color-adjust:exact]"
      >
        {ticks.map((share) => (
          <div
            key={share}
            className="absolute inset-x-0 border-t border-line"
            style={{ bottom: `${toHeight(share)}%` }}
          >
            <span className="absolute right-full mr-2 -translate-y-1/2 text-11 whitespace-nowrap text-ink-3 tabular-nums">
              {write.share(share)}
            </span>
          </div>
        ))}
        <div className="absolute inset-0 flex items-end gap-px border-b border-line-strong">
          {sorted.map((event) => (
            <div
              key={event.seed}
              title={t('bar', { seed: String(event.seed), lost: write.share(event.lostShare) })}
              className={classes('min-h-1 min-w-0 max-w-16 flex-1', looks[getDrillResult(event)])}
              style={{ height: `${toHeight(event.lostShare)}%` }}
            />
          ))}
        </div>
        {goal === null || goal <= 10 ** bottom ? null : (
          <div
            className="absolute inset-x-0 border-t border-dashed border-ink-2"
            style={{ bottom: `${toHeight(goal)}%` }}
          >
            <span className="absolute bottom-full left-0 bg-surface px-1 text-11 text-ink-2">
              {t('goal', { share: write.share(goal) })}
            </span>
          </div>
        )}
      </div>
    </figure>
  );
}
