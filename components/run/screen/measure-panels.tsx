'use client';

import dynamic from 'next/dynamic';
import { useFormatter, useTranslations } from 'next-intl';
import { scaleTop } from '@/components/charts/scale-top';
import { useMeasure } from '@/components/shell/use-measure';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { useViewerZone } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { RunPageView } from '@/lib/contract/run';
import type { Guard, GuardMeasure } from '@/lib/diversion/cutover';
import { type FigureSources, findUnreadReason, laggingMeasures } from '@/lib/diversion/guard-lag';
import { cloudMeasures, shortestJudgedS } from '@/lib/estate/measure';
import type { RunView } from '@/lib/run/model/model';

/** The data of one chart: every sample of a measure, and the guard over it whose limit is reached first. */
type MeasureSeries = {
  readonly measure: GuardMeasure;
  /** `at` in epoch ms; null = it could not be read. */
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
  readonly guard: Guard | null;
  /** The lag of the figures at the last sample that had any, in ms; null = they are read live. */
  readonly lagMs: number | null;
};

/** Returns the measures of the cloud that were sampled while this run was watched. `RunCharts` has the probes. */
function measureSeries({ samples, guards }: RunView): readonly MeasureSeries[] {
  return cloudMeasures.flatMap((measure) => {
    const points = samples.flatMap(({ at, measures }) => {
      const value = measures[measure];
      return value === undefined ? [] : [{ at: Date.parse(at), value }];
    });
    const own = guards.filter((guard) => guard.measure === measure);
    const [guard = null] = own.toSorted((a, b) => a.limit - b.limit);
    const lagMs = samples.findLast((sample) => sample.lagMs?.[measure] !== undefined)?.lagMs?.[measure];
    return points.length === 0
      ? []
      : [{ measure, points, guard, lagMs: laggingMeasures.has(measure) ? (lagMs ?? null) : null }];
  });
}

const hourMs = 3_600_000;

/** The minimum length of the scale, so that the first samples do not fill it. */
const spanMinMs = 60_000;

/**
 * Returns the time range of the charts, in epoch ms: from T0 or the first sample, whichever is earlier, to now. A hold
 * of an hour or less is shown up to its T1 from the start, so that the scale doesn't change while it fills.
 * @param now null once the run has ended
 */
function watchedSpan({ samples, cutover }: RunView, now: number | null): { from: number; until: number } {
  const readings = samples.map(({ at }) => Date.parse(at));
  const t0 = cutover === null ? [] : [Date.parse(cutover.t0)];
  const from = Math.min(...readings, ...t0);
  const last = Math.max(...readings, now ?? 0, from + spanMinMs);
  const t1 = cutover?.t1 ? Date.parse(cutover.t1) : 0;
  const showsT1 = now !== null && t1 - from <= hourMs;
  return { from, until: showsT1 ? Math.max(last, t1) : last };
}

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((module) => module.TimeChart), {
  ssr: false,
});

/** The interval of the guards' rounds. */
const tickMs = 5000;

type GuardsPanelProps = {
  readonly run: Pick<RunPageView, 'guards' | 'cutover' | 'plan' | 'figureIntervals'>;
};

/** The guards of a run, each with its limit and what a breach does, and those of the policy that it leaves out. */
function GuardsPanel({ run: { guards, cutover, plan, figureIntervals } }: GuardsPanelProps) {
  const t = useTranslations('run.watch');
  const { name, format } = useMeasure();
  const list = useFormatter();
  const left = cutover?.withoutGuards ?? [];
  return (
    <Panel title={t('guards')} isFolded>
      {left.length === 0 ? null : (
        <p className="text-12 text-warn-ink">
          {t('leftOut', { measures: list.list(left.map((each) => name(each))) })}
        </p>
      )}
      <ul className="grid gap-1 text-12">
        {guards.map(({ measure, outcome, limit, forS }) => (
          <li key={`${measure} ${outcome} ${limit} ${forS}`}>
            <strong className="font-semibold">{name(measure)}</strong>{' '}
            <span className="text-ink-2">
              {t('limit', { policy: outcome, limit: format(measure, limit), seconds: forS })}
            </span>
            <Unread measure={measure} sources={{ ...figureIntervals, kind: plan.diversion.kind }} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

type UnreadProps = { readonly measure: GuardMeasure; readonly sources: FigureSources };

/** The reason why a guard has no value with the settings, which may have changed since the run was scheduled. */
function Unread({ measure, sources }: UnreadProps) {
  const t = useTranslations('run.watch.unmeasured');
  const reason = findUnreadReason(measure, sources);
  if (reason === null) return null;
  return <span className="block text-warn-ink">{t(reason, { trafficS: sources.trafficS })}</span>;
}

/**
 * The guards of a run in progress, and a chart for each measure of the cloud that they watch. Renders nothing for a run
 * that has ended without being watched.
 */
export function MeasurePanels({ run }: { readonly run: RunPageView }) {
  const series = measureSeries(run);
  const ticking = useNow(tickMs);
  const hasGuards = run.guards.length > 0 || run.cutover?.withoutGuards !== undefined;
  const showsGuards = run.endedAt === null && hasGuards;
  if (series.length === 0) return showsGuards ? <GuardsPanel run={run} /> : null;
  const now = run.endedAt === null ? ticking : null;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      {showsGuards ? <GuardsPanel run={run} /> : null}
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
      isFolded
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
          points={points.map(({ at, value }) => ({ at, values: { value } }))}
          series={[{ key: 'value', name: name(measure), look: 'value' }]}
          from={span.from}
          until={span.until}
          top={scaleTop(values, guard?.limit ?? null)}
          limits={guard === null || limit === null ? [] : [{ value: guard.limit, label: limit, isBad: true }]}
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

/** Formats an instant (epoch ms) as the time of day, in the zone of the other times of the run. */
function useClockTime(zone: string | undefined): (at: number) => string {
  const format = useFormatter();
  const timeZone = useViewerZone(zone);
  return (at) =>
    format.dateTime(at, {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
}
