import type { ChartPoint } from '@/components/charts/time-chart';
import type { ForecastPoint } from '@/lib/run/model/forecast/forecast-points';
import type { ChartData, ChartName } from './chart-data';

/* Adds the forecast to the charts of a run as lines of their own. Pure. */

/** null = unknown. */
type Values = ChartPoint['values'];

/** The forecast lines of each chart that has some. Their keys begin with `forecast`. */
const lines: Readonly<Partial<Record<ChartName, (point: ForecastPoint) => Values>>> = {
  share: ({ cvm, function: fn }) => {
    const all = cvm + fn;
    return { forecast: all === 0 ? null : (fn / all) * 100 };
  },
  rate: ({ cvm, function: fn }) => ({ forecastCvm: cvm, forecastFunction: fn }),
  errors: ({ refused }) => ({ forecastRefused: refused }),
  concurrency: ({ concurrency }) => ({ forecastConcurrency: concurrency }),
};

/** Returns whether a line of a chart is a forecast. */
export function isForecast(key: string): boolean {
  return key.startsWith('forecast');
}

type Timed = { readonly at: number; readonly values: Values };

/** Returns the forecast at a time, between its points; null outside of them. */
function forecastAt(forecast: readonly Timed[], at: number): Values | null {
  const next = forecast.findIndex((point) => point.at >= at);
  const [after, before] = [forecast[next], forecast[next - 1]];
  if (after === undefined) return null;
  if (after.at === at) return after.values;
  if (before === undefined) return null;
  const part = (at - before.at) / (after.at - before.at);
  return Object.fromEntries(
    Object.entries(after.values).map(([key, value]) => {
      const from = before.values[key] ?? null;
      return [key, from === null || value === null ? null : from + (value - from) * part];
    }),
  );
}

function addLines(chart: ChartData, forecast: readonly Timed[]): ChartData {
  const [first] = forecast;
  if (first === undefined) return chart;
  const isStacked = Object.keys(first.values).length > 1;
  const look = isStacked ? 'forecastStacked' : 'forecast';
  const { points } = chart;
  // Points between measured ones would break their line: there, the forecast is drawn at the measured times.
  const measured = points.filter(({ values }) =>
    chart.series.some(({ key, look: own }) => own !== 'plan' && (values[key] ?? null) !== null),
  );
  const [from, until] = [
    measured[0]?.at ?? Number.POSITIVE_INFINITY,
    measured.at(-1)?.at ?? Number.NEGATIVE_INFINITY,
  ];
  const planned = chart.series.filter((each) => each.look === 'plan');
  const own = points.map(
    (point): ChartPoint => ({
      ...point,
      values: { ...point.values, ...forecastAt(forecast, point.at) },
    }),
  );
  const taken = new Set(points.map(({ at }) => at));
  const added = forecast
    .filter(({ at }) => !taken.has(at) && (at < from || at > until))
    .map(({ at, values }): ChartPoint => {
      const last = points.findLast((point) => point.at <= at);
      const stopped = planned.map(({ key }) => [key, last?.values[key] ?? null] as const);
      return { at, values: { ...Object.fromEntries(stopped), ...values } };
    });
  return {
    ...chart,
    series: [...chart.series, ...Object.keys(first.values).map((key) => ({ key, look }) as const)],
    points: [...own, ...added].toSorted((a, b) => a.at - b.at),
  };
}

/**
 * Returns the charts with the forecast within their scale.
 * @param span its first and last instant, in epoch ms
 */
export function addForecast(
  charts: Readonly<Record<ChartName, ChartData>>,
  points: readonly ForecastPoint[],
  { from, until }: { readonly from: number; readonly until: number },
): Readonly<Record<ChartName, ChartData>> {
  // The points next to the scale are drawn as well, so that the line reaches its ends.
  const first = points.findLastIndex(({ at }) => Date.parse(at) <= from);
  const last = points.findIndex(({ at }) => Date.parse(at) >= until);
  const inside = points.slice(Math.max(0, first), last < 0 ? points.length : last + 1);
  const add = (name: ChartName): ChartData => {
    const values = lines[name];
    if (values === undefined) return charts[name];
    return addLines(
      charts[name],
      inside.map((point) => ({ at: Date.parse(point.at), values: values(point) })),
    );
  };
  return {
    ...charts,
    share: add('share'),
    rate: add('rate'),
    errors: add('errors'),
    concurrency: add('concurrency'),
  };
}
