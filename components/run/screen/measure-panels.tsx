'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { scaleTop } from '@/components/charts/scale-top';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { useNow } from '@/components/ui/use-now';
import { shortestJudgedS } from '@/lib/estate/measure';
import type { RunView } from '@/lib/run/model/model';
import { type MeasureSeries, measureSeries, watchedSpan } from './measure-series';
import { useClockTime } from './use-clock-time';
import { useMeasure } from './use-measure';

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((module) => module.TimeChart), {
  ssr: false,
});

/** The interval of the guards' rounds. */
const tickMs = 5000;

/** The values that guards watch, a chart for each measure; renders nothing for a run that was never watched. */
export function MeasurePanels({ run }: { readonly run: RunView }) {
  const series = measureSeries(run);
  const ticking = useNow(tickMs);
  if (series.length === 0) return null;
  const now = run.endedAt === null ? ticking : null;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {series.map((each) => (
        <MeasurePanel key={each.measure} run={run} series={each} now={now} />
      ))}
    </div>
  );
}

type MeasurePanelProps = {
  readonly run: RunView;
  readonly series: MeasureSeries;
  readonly now: number | null;
};

function MeasurePanel({ run, series: { measure, points, guard, lagMs }, now }: MeasurePanelProps) {
  const t = useTranslations('run.watch');
  const { name, of, format } = useMeasure();
  const time = useClockTime(run.cutover?.zone);
  const values = points.flatMap(({ value }) => value ?? []);
  const span = watchedSpan(run, now);
  const written = (value: number | null | undefined) =>
    value === null || value === undefined ? t('unread') : format(measure, value);
  const last = written(points.at(-1)?.value);
  const limit =
    guard === null
      ? null
      : t('limit', { policy: guard.outcome, limit: format(measure, guard.limit), seconds: guard.forS });
  return (
    <Panel
      title={name(measure)}
      aside={
        <span className="text-12 text-ink-2 tabular-nums">
          <strong className="font-semibold text-ink">{last}</strong> {of(measure)}
        </span>
      }
    >
      <div
        role="img"
        aria-label={t('label', {
          name: name(measure),
          count: points.length,
          from: time(points[0]?.at ?? span.from),
          to: time(points.at(-1)?.at ?? span.until),
          last,
          highest: values.length === 0 ? t('unread') : format(measure, Math.max(...values)),
          limit: limit ?? t('noLimit'),
        })}
        className="h-44"
      >
        <TimeChart
          points={points}
          from={span.from}
          until={span.until}
          top={scaleTop(values, guard?.limit ?? null)}
          name={name(measure)}
          limit={guard === null || limit === null ? null : { value: guard.limit, label: limit }}
          marks={chartMarks(run, now, t('now')).filter(({ at }) => at >= span.from && at <= span.until)}
          format={(value) => format(measure, value)}
          formatTime={time}
        />
      </div>
      {lagMs === null ? null : (
        <p className="px-4 pb-2.5 text-12 text-ink-2">
          {lagMs === 0 ? t('noLag') : t('lag', { lag: durationText(lagMs / 1000) })}{' '}
          {guard === null ? null : t('judged', { seconds: Math.max(guard.forS, shortestJudgedS(lagMs)) })}
        </p>
      )}
    </Panel>
  );
}

function chartMarks({ cutover }: RunView, now: number | null, nowLabel: string) {
  const clock = [
    { label: 'T0', iso: cutover?.t0 },
    { label: 'T1', iso: cutover?.t1 },
  ].flatMap(({ label, iso }) => (iso ? [{ label, at: Date.parse(iso), isNow: false }] : []));
  return now === null ? clock : [...clock, { label: nowLabel, at: now, isNow: true }];
}
