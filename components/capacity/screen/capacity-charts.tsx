import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { eventTime } from '@/components/capacity/model/event-time';
import { scaleTop } from '@/components/charts/scale-top';
import type { ChartLimit, ChartLook, ChartMark } from '@/components/charts/time-chart';
import type { CapacityLimit, CapacityResult, SeriesName } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { useCapacityFormat, useLimitLabel } from './capacity-format';
import { ChartPanel, pointsMost, rowsMost } from './chart-panel';
import { LimitCharts } from './limit-charts';

const chartSeries = {
  demand: ['cvmServed', 'functionServed', 'refused', 'demand'],
  concurrency: ['concurrency', 'onDemand', 'provisioned'],
  shares: ['functionShare', 'resolvedShare', 'intendedShare'],
  waits: ['waitP50S', 'waitP99S', 'waitP95S'],
  cost: ['cost'],
} as const satisfies Readonly<Record<string, readonly SeriesName[]>>;
type ChartName = keyof typeof chartSeries;
type DrawnSeries = (typeof chartSeries)[ChartName][number];

const looks: Readonly<Record<DrawnSeries, ChartLook>> = {
  cvmServed: 'cvm',
  functionServed: 'function',
  refused: 'refused',
  demand: 'total',
  concurrency: 'function',
  onDemand: 'faint',
  provisioned: 'plan',
  functionShare: 'function',
  resolvedShare: 'faint',
  intendedShare: 'plan',
  waitP50S: 'faint',
  waitP99S: 'faint',
  waitP95S: 'value',
  cost: 'value',
};

type CapacityChartsProps = { readonly scenario: CapacityScenario; readonly result: CapacityResult };

/** Demand, concurrency, waits, cost and what has limits over the time of a scenario. */
export const CapacityCharts = memo(function CapacityCharts(props: CapacityChartsProps) {
  return (
    <>
      <CapacityChart name="demand" {...props} />
      <CapacityChart name="concurrency" {...props} />
      <CapacityChart name="shares" {...props} />
      <div className="grid min-w-0 gap-4 xl:grid-cols-2">
        <CapacityChart name="waits" {...props} />
        <CapacityChart name="cost" {...props} />
        <LimitCharts {...props} />
      </div>
    </>
  );
});

type Point = { readonly at: number; readonly values: Readonly<Record<string, number>> };

/** The series by which a point of several steps is chosen: the first that differs. */
const leading: Readonly<Record<ChartName, readonly SeriesName[]>> = {
  demand: ['refused', 'demand'],
  concurrency: ['concurrency', 'provisioned'],
  shares: ['intendedShare'],
  waits: ['waitP95S', 'waitP99S'],
  cost: ['cost'],
};

/** Returns the points of a chart: of steps that share one, that with the largest value, so that no peak is lost. */
function thin(
  { series, steps, stepS }: CapacityResult,
  name: ChartName,
  most: number,
  startMs: number,
): readonly Point[] {
  const per = Math.max(1, Math.ceil(steps / most));
  const isLarger = (step: number, than: number) => {
    for (const lead of leading[name]) {
      const [a, b] = [series[lead][step] ?? 0, series[lead][than] ?? 0];
      if (a !== b) return a > b;
    }
    return false;
  };
  return Array.from({ length: Math.ceil(steps / per) }, (_, index) => {
    const first = index * per;
    let chosen = first;
    for (let step = first; step < Math.min(steps, first + per); step += 1)
      if (isLarger(step, chosen)) chosen = step;
    const values = chartSeries[name].map((each) => [each, series[each][chosen] ?? 0] as const);
    return { at: startMs + first * stepS * 1000, values: Object.fromEntries(values) };
  });
}

/**
 * Returns whether a chart draws a limit. Those of one of several functions or load balancers don't limit the sum that it
 * shows: they have charts of their own.
 */
function isLimited(name: ChartName, kind: CapacityLimit['kind'], { functions, balancers }: CapacityScenario) {
  switch (kind) {
    case 'servers':
      return name === 'demand';
    case 'balancerRequests':
      return name === 'demand' && balancers.function === null;
    case 'functionInstances':
      return name === 'concurrency' && functions.length === 1;
    default:
      return false;
  }
}

/** A limit is drawn up to this multiple of what a chart shows: beyond, it would make that too small to read. */
const drawnMost = 2.5;

type CapacityChartProps = CapacityChartsProps & { readonly name: ChartName };

function CapacityChart({ name, scenario, result }: CapacityChartProps) {
  const t = useTranslations('capacity.charts');
  const nameLimit = useLimitLabel();
  const format = useCapacityFormat(scenario.startsAt);
  const { totals, cost, goals } = result;
  const write: Readonly<Record<ChartName, (value: number) => string>> = {
    demand: format.rate,
    concurrency: format.number,
    shares: (value) => `${format.percent(value)} %`,
    waits: format.wait,
    cost: (value) => `${format.money(value)} ${cost.currency}`,
  };
  const startMs = scenario.startsAt === null ? 0 : Date.parse(scenario.startsAt);
  const names = chartSeries[name];
  const points = thin(result, name, pointsMost, startMs);
  const sides = ({ values }: Point) =>
    (values.cvmServed ?? 0) + (values.functionServed ?? 0) + (values.refused ?? 0);
  const largest = points.reduce(
    (most, point) => Math.max(most, sides(point), ...Object.values(point.values)),
    0,
  );
  const goalS = goals.waitP95Ms.goal / 1000;
  const all: readonly ChartLimit[] = [
    ...result.limits
      .filter(({ kind }) => isLimited(name, kind, scenario))
      .map((limit) => ({
        value: limit.value,
        label: nameLimit(limit),
        isBad: limit.kind !== 'servers',
      })),
    ...(name === 'waits'
      ? [{ value: goalS, label: t('goal', { value: format.wait(goalS) }), isBad: true }]
      : []),
  ];
  const limits = all.filter(({ value }) => value <= largest * drawnMost);
  const beyond = all.filter((limit) => !limits.includes(limit));
  const top = scaleTop([largest], limits.length === 0 ? null : Math.max(...limits.map(({ value }) => value)));
  const peak = (series: SeriesName) =>
    result.series[series].reduce((most, value) => Math.max(most, value), 0);
  const text = {
    demand: () =>
      t('demandText', {
        peak: format.rate(totals.peakDemandRps),
        cvm: format.rate(peak('cvmServed')),
        function: format.rate(peak('functionServed')),
        refused: format.count(totals.refused),
      }),
    concurrency: () =>
      t('concurrencyText', {
        peak: format.count(totals.peakConcurrency),
        provisioned: format.count(totals.peakProvisioned),
      }),
    shares: () => t('sharesText', { most: format.percent(peak('functionShare')) }),
    waits: () =>
      t('waitsText', {
        p50: format.wait(peak('waitP50S')),
        p95: format.wait(totals.peakWaitP95S),
        p99: format.wait(totals.peakWaitP99S),
      }),
    cost: () => t('costText', { cost: write.cost(peak('cost')) }),
  }[name]();
  const until = result.steps * result.stepS;
  return (
    <ChartPanel
      title={t(name)}
      text={text}
      curves={names.map((key) => ({ key, name: t(`series.${key}`), look: looks[key] }))}
      points={points}
      rows={thin(result, name, rowsMost, startMs)}
      from={startMs}
      until={startMs + until * 1000}
      top={top}
      limits={limits}
      marks={
        name === 'cost' ? [] : listMarks(scenario, startMs, until, { event: t('event'), divert: t('divert') })
      }
      isTall={name === 'demand'}
      format={write[name]}
      formatTick={name === 'waits' || name === 'shares' ? write[name] : format.number}
      formatTime={(at) => format.time((at - startMs) / 1000)}
    >
      {beyond.length === 0 ? null : (
        <p className="pt-2 text-12 text-ink-2">
          {t('beyond', { list: beyond.map(({ label }) => label).join(', ') })}
        </p>
      )}
      {name === 'demand' && totals.refusedFromS !== null && totals.refusedUntilS !== null ? (
        <p className="pt-2 text-12 text-bad-ink">
          {t('refusedSpan', {
            count: format.count(totals.refused),
            from: format.time(totals.refusedFromS),
            until: format.time(totals.refusedUntilS),
          })}
        </p>
      ) : null}
    </ChartPanel>
  );
}

/** The event and the first change of traffic; of two at one time, only the event. */
function listMarks(
  scenario: CapacityScenario,
  startMs: number,
  untilS: number,
  labels: { readonly event: string; readonly divert: string },
): readonly ChartMark[] {
  const eventS = eventTime(scenario);
  const divertS = scenario.traffic.changes[0]?.atS;
  const mark = (atS: number, label: string) => ({ at: startMs + atS * 1000, label });
  const isApart = divertS !== undefined && Math.abs(divertS - eventS) > untilS / 25;
  return [
    ...(scenario.demand.kind === 'constant' ? [] : [mark(eventS, labels.event)]),
    ...(divertS !== undefined && (isApart || scenario.demand.kind === 'constant') && divertS >= 0
      ? [mark(divertS, labels.divert)]
      : []),
  ];
}
