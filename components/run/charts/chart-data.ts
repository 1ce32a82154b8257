import type { ChartPoint, ChartSeries } from '@/components/charts/time-chart';
import type { RunChartsView } from '@/lib/contract/run-charts';
import type { GuardMeasure } from '@/lib/diversion/cutover';
import { getMinuteEnd, getMovedTraffic } from '@/lib/run/model/diverted-traffic';
import { type ChartMark, getMeasuredShare } from '@/lib/run/model/run-charts';
import { roundPercent } from '@/lib/statistics/binomial';

/* Converts the server's data to the lines of each chart. Pure. */

export const chartNames = ['share', 'probes', 'latency', 'rate', 'errors', 'concurrency'] as const;
export type ChartName = (typeof chartNames)[number];

/** The lines of one chart; no points = nothing to draw yet. */
export type ChartData = {
  readonly series: readonly Omit<ChartSeries, 'name'>[];
  readonly points: readonly ChartPoint[];
  /** The level that a guard of the run allows, or the most instances that a function may have. */
  readonly limit: number | null;
};

/** The shortest scale, in ms, so that the first points do not fill it. */
const spanMinMs = 60_000;

type TrafficPoint = RunChartsView['traffic'][number];

/**
 * Returns the traffic by the end of the measured minute, in epoch ms: monitoring has it late. Where it had no data, its
 * lag is taken as the one before.
 */
function placeTraffic({
  traffic,
}: Pick<RunChartsView, 'traffic'>): readonly (readonly [number, TrafficPoint])[] {
  const placed = new Map<number, TrafficPoint>();
  let lagMs = 0;
  for (const point of traffic) {
    lagMs = point.lagMs ?? lagMs;
    placed.set(getMinuteEnd(point, lagMs), point);
  }
  return [...placed].toSorted(([a], [b]) => a - b);
}

/** Returns the first and the last instant of all charts, in epoch ms. A T1 within the hour is shown from the start. */
export function getSpan(view: RunChartsView): { readonly from: number; readonly until: number } {
  const { probes, marks, now } = view;
  const past = marks.filter(({ at }) => at <= now);
  const times = [
    ...[...probes, ...past].map(({ at }) => Date.parse(at)),
    ...placeTraffic(view).map(([at]) => at),
  ];
  const isOpen = view.state === 'on' || view.state === 'waiting';
  const from = Math.min(Date.parse(now), ...times);
  const last = Math.max(from + spanMinMs, ...times, isOpen ? Date.parse(now) : 0);
  const t1 = Date.parse(marks.find(({ kind }) => kind === 'T1')?.at ?? '');
  return { from, until: isOpen && t1 - from <= 3_600_000 ? Math.max(last, t1) : last };
}

/** The share of the scale below which the labels of two marks would overlap. */
const labelGap = 0.09;

/** Returns the marks within a scale; one too near the last named one is drawn without its name. */
export function placeMarks(
  marks: readonly ChartMark[],
  { from, until }: { readonly from: number; readonly until: number },
): readonly { readonly at: number; readonly kind: ChartMark['kind'] | null }[] {
  let named = Number.NEGATIVE_INFINITY;
  const inside = marks
    .map(({ at, kind }) => ({ at: Date.parse(at), kind }))
    .filter(({ at }) => at >= from && at <= until);
  return inside.map(({ at, kind }) => {
    if (at - named < (until - from) * labelGap) return { at, kind: null };
    named = at;
    return { at, kind };
  });
}

type RateValue = TrafficPoint['cvm'];
const toNumber = (rate: RateValue) => (typeof rate === 'number' ? rate : null);

function getShare(point: TrafficPoint): number | null {
  const moved = getMovedTraffic(point);
  return moved === null ? null : getMeasuredShare(moved);
}

/** Draws the intended share as steps, up to the end of the scale, and the measured share of the requests that move. */
function drawShare({ shares, ...view }: RunChartsView, until: number): ChartData {
  const series = [
    { key: 'measured', look: 'value' },
    { key: 'intended', look: 'plan' },
  ] as const;
  const traffic = placeTraffic(view);
  const measured = traffic.map(([at, point]) => ({ at, share: getShare(point) }));
  const changes = shares.map(({ at, functionShare }) => ({ at: Date.parse(at), share: functionShare }));
  if (!changes.some(({ share }) => share !== null && share > 0) && measured.length === 0)
    return { series, points: [], limit: null };
  const lastBefore = (all: readonly { readonly at: number; readonly share: number | null }[], at: number) =>
    all.findLast((each) => each.at <= at)?.share ?? null;
  const times = [...new Set([...changes, ...measured, { at: until }].map(({ at }) => at))];
  const points = times
    .toSorted((a, b) => a - b)
    .map((at) => ({
      at,
      // Between two measurements the last one applies, and after the last one the value is unknown.
      values: {
        intended: lastBefore(changes, at),
        measured: at > (measured.at(-1)?.at ?? 0) ? null : lastBefore(measured, at),
      },
    }));
  return { series, points, limit: null };
}

function findLimit({ guards }: RunChartsView, measure: GuardMeasure): number | null {
  const limits = guards.filter((guard) => guard.measure === measure).map(({ limit }) => limit);
  return limits.length === 0 ? null : Math.min(...limits);
}

function drawConcurrency(view: RunChartsView): ChartData {
  const { traffic } = view;
  const names = [...new Set(traffic.flatMap(({ functions }) => functions.map(({ name }) => name)))];
  const [only] = names;
  const limits = traffic.at(-1)?.functions.flatMap(({ limit }) => limit ?? []) ?? [];
  return {
    series: names.map((key) => ({ key, look: 'value' })),
    points:
      names.length === 0
        ? []
        : placeTraffic(view).map(([at, { functions }]) => ({
            at,
            values: Object.fromEntries(functions.map(({ name, inUse }) => [name, inUse])),
          })),
    limit: only !== undefined && names.length === 1 ? (limits[0] ?? null) : null,
  };
}

/** Returns the lines of each chart of a run. @param until the end of the scale, in epoch ms */
export function drawCharts(view: RunChartsView, until: number): Readonly<Record<ChartName, ChartData>> {
  const { probes } = view;
  const ofTraffic = (values: (point: TrafficPoint) => ChartPoint['values']) =>
    placeTraffic(view).map(([at, point]) => ({ at, values: values(point) }));
  const ofProbes = (values: (probe: RunChartsView['probes'][number]) => ChartPoint['values']) =>
    probes.map((probe) => ({ at: Date.parse(probe.at), values: values(probe) }));
  return {
    share: drawShare(view, until),
    probes: {
      series: [{ key: 'failed', look: 'bad' }],
      points: ofProbes(({ sent, failed }) => ({ failed: sent === 0 ? null : (failed / sent) * 100 })),
      limit: findLimit(view, 'probeFailures'),
    },
    latency: {
      series: [{ key: 'slowest', look: 'value' }],
      points: ofProbes(({ slowestMs }) => ({ slowest: slowestMs })),
      limit: findLimit(view, 'latency'),
    },
    rate: {
      series: [
        { key: 'cvm', look: 'cvm' },
        { key: 'function', look: 'function' },
      ],
      points: ofTraffic(({ cvm, function: fn }) => ({ cvm: toNumber(cvm), function: toNumber(fn) })),
      limit: null,
    },
    errors: {
      series: [{ key: 'errors', look: 'bad' }],
      points: ofTraffic(({ errorRate }) => ({ errors: errorRate })),
      limit: findLimit(view, 'errorRate'),
    },
    concurrency: drawConcurrency(view),
  };
}

/** Rounds a percentage of a chart: the closer it is to 0 or 100, the more digits it has. */
export function roundChartPercent(percent: number): number {
  const room = Math.min(percent, 100 - percent);
  return roundPercent(percent, room >= 10 ? 0 : room < 1 ? 2 : 1);
}

/**
 * Returns the newest value of each line of a chart; null = unknown.
 * @param now a forecast continues after it; in epoch ms
 */
export function getLast(
  { points, series }: ChartData,
  now: number,
): readonly { readonly key: string; readonly value: number | null }[] {
  return series.map(({ key, look }) => {
    const isAhead = look === 'forecast' || look === 'forecastStacked';
    const last = points.findLast(
      ({ at, values }) => (values[key] ?? null) !== null && (!isAhead || at <= now),
    );
    return { key, value: last?.values[key] ?? null };
  });
}
