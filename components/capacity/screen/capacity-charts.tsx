import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { eventTime } from '@/components/capacity/model/event-time';
import { scaleTop } from '@/components/charts/scale-top';
import type { ChartLimit, ChartLook, ChartMark } from '@/components/charts/time-chart';
import { BrowserPart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import { KindMark } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import type { CapacityLimit, CapacityResult, SeriesName } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { useCapacityFormat } from './capacity-format';

/** The chart library is large and renders only in a browser. */
const chart = onDemand(() => import('@/components/charts/time-chart'), 'use');

/** The most points of a drawn line, and the most rows of its table. */
const pointsMost = 240;
const rowsMost = 30;

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

/** Demand, concurrency, waits and cost over the time of a scenario. */
export const CapacityCharts = memo(function CapacityCharts(props: CapacityChartsProps) {
  return (
    <>
      <CapacityChart name="demand" {...props} />
      <CapacityChart name="concurrency" {...props} />
      <CapacityChart name="shares" {...props} />
      <div className="grid min-w-0 gap-4 xl:grid-cols-2">
        <CapacityChart name="waits" {...props} />
        <CapacityChart name="cost" {...props} />
      </div>
    </>
  );
});

type Point = { readonly at: number; readonly atS: number; readonly values: Readonly<Record<string, number>> };

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
    const atS = first * stepS;
    const values = chartSeries[name].map((each) => [each, series[each][chosen] ?? 0] as const);
    return { at: startMs + atS * 1000, atS, values: Object.fromEntries(values) };
  });
}

/** The limits that a chart draws, if they are near what it shows. */
const drawnLimits: Readonly<Record<ChartName, readonly CapacityLimit['kind'][]>> = {
  demand: ['servers', 'balancerRequests'],
  concurrency: ['functionInstances'],
  shares: [],
  waits: [],
  cost: [],
};

type CapacityChartProps = CapacityChartsProps & { readonly name: ChartName };

function CapacityChart({ name, scenario, result }: CapacityChartProps) {
  const t = useTranslations('capacity.charts');
  const tl = useTranslations('capacity.limits');
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
  const near = result.limits.filter(
    ({ kind, value }) => drawnLimits[name].includes(kind) && value <= largest * 2.5,
  );
  const limits: ChartLimit[] = near.map((limit) => ({
    value: limit.value,
    label: `${tl(`kind.${limit.kind}`, { name: limit.name })} ${format.count(limit.value)}`,
    isBad: limit.kind !== 'servers',
  }));
  if (name === 'waits' && goals.waitP95Ms.goal / 1000 <= largest * 2.5)
    limits.push({
      value: goals.waitP95Ms.goal / 1000,
      label: t('goal', { value: format.wait(goals.waitP95Ms.goal / 1000) }),
      isBad: true,
    });
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
    <Panel
      title={t(name)}
      aside={<Legend names={names} />}
      footer={
        <details>
          <summary className="cursor-pointer">{t('table')}</summary>
          <ChartTable
            label={t(name)}
            names={names}
            points={thin(result, name, rowsMost, startMs)}
            write={write[name]}
            formatTime={format.time}
          />
        </details>
      }
    >
      {/* The tooltip stays where it was when the window gets narrower, also while it is hidden. */}
      <div
        role="img"
        aria-label={text}
        className={classes('overflow-x-clip', name === 'demand' ? 'h-64' : 'h-44')}
      >
        <BrowserPart part={chart} loading={null}>
          {({ TimeChart }) => (
            <TimeChart
              points={points}
              series={names.map((key) => ({ key, name: t(`series.${key}`), look: looks[key] }))}
              from={startMs}
              until={startMs + until * 1000}
              top={top}
              limits={limits}
              marks={
                name === 'cost'
                  ? []
                  : listMarks(scenario, startMs, until, { event: t('event'), divert: t('divert') })
              }
              format={write[name]}
              formatTick={name === 'waits' || name === 'shares' ? write[name] : format.number}
              formatTime={(at) => format.time((at - startMs) / 1000)}
            />
          )}
        </BrowserPart>
      </div>
      {name === 'demand' && totals.refusedFromS !== null && totals.refusedUntilS !== null ? (
        <p className="pt-2 text-12 text-bad-ink">
          {t('refusedSpan', {
            count: format.count(totals.refused),
            from: format.time(totals.refusedFromS),
            until: format.time(totals.refusedUntilS),
          })}
        </p>
      ) : null}
    </Panel>
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

const swatches: Readonly<Record<ChartLook, string>> = {
  cvm: '',
  function: '',
  refused: 'h-2.5 w-2.5 bg-bad',
  bad: 'h-2.5 w-2.5 bg-bad',
  total: 'h-0.5 w-4 bg-ink',
  faint: 'h-px w-4 bg-ink-3',
  value: 'h-0.5 w-4 bg-accent',
  plan: 'w-4 border-t-2 border-dashed border-ink',
  forecast: 'w-4 border-t-2 border-dotted border-ink',
  forecastStacked: 'w-4 border-t-2 border-dotted border-ink',
};

function Legend({ names }: { readonly names: readonly DrawnSeries[] }) {
  const t = useTranslations('capacity.charts.series');
  return names.map((name) => {
    const look = looks[name];
    return (
      <span key={name} className="inline-flex items-center gap-1.5 text-12 text-ink-2">
        {look === 'cvm' || look === 'function' ? (
          <KindMark kind={look === 'cvm' ? 'cvm' : 'scf'} />
        ) : (
          <span aria-hidden className={swatches[look]} />
        )}
        {t(name)}
      </span>
    );
  });
}

type ChartTableProps = {
  readonly label: string;
  readonly names: readonly DrawnSeries[];
  readonly points: readonly Point[];
  readonly write: (value: number) => string;
  readonly formatTime: (atS: number) => string;
};

function ChartTable({ label, names, points, write, formatTime }: ChartTableProps) {
  const t = useTranslations('capacity.charts');
  const columns: readonly Column<Point>[] = [
    { name: t('time'), cell: ({ atS }) => formatTime(atS) },
    ...names.map((name) => ({
      name: t(`series.${name}`),
      cell: ({ values }: Point) => write(values[name] ?? 0),
      isNumber: true,
    })),
  ];
  return <DataTable label={label} columns={columns} rows={points} rowKey={({ atS }) => atS} />;
}
