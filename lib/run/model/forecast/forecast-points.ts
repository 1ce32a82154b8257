import type { CapacityResult } from '@/lib/capacity/result';
import { downsample } from '@/lib/run/model/run-charts';

/** The forecast of one time. Rates are those that load balancers count: before refusals, with retries. */
export type ForecastPoint = {
  readonly at: string;
  /** Requests per second by side. */
  readonly cvm: number;
  readonly function: number;
  /** Share of all requests that are refused or fail, in %. */
  readonly refused: number;
  /** Requests that all functions work on at once. */
  readonly concurrency: number;
};

/** A result of the model, from an instant on. */
export type Forecast = Pick<CapacityResult, 'series' | 'steps' | 'stepS'> & {
  /** Epoch ms. */
  readonly startMs: number;
};

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function toPoint({ series, startMs, stepS }: Forecast, step: number): ForecastPoint {
  const arrivals = series.arrivals[step] ?? 0;
  const share = series.functionShare[step] ?? 0;
  return {
    at: new Date(startMs + (step + 0.5) * stepS * 1000).toISOString(),
    cvm: arrivals * (1 - share),
    function: arrivals * share,
    refused: arrivals <= 0 ? 0 : ((series.refused[step] ?? 0) / arrivals) * 100,
    concurrency: series.concurrency[step] ?? 0,
  };
}

function merge(points: readonly [ForecastPoint, ...ForecastPoint[]]): ForecastPoint {
  const take = (key: 'cvm' | 'function' | 'concurrency') => mean(points.map((point) => point[key]));
  const middle = points[Math.floor(points.length / 2)] ?? points[0];
  return {
    at: middle.at,
    cvm: take('cvm'),
    function: take('function'),
    // A short refusal must not disappear.
    refused: Math.max(...points.map(({ refused }) => refused)),
    concurrency: take('concurrency'),
  };
}

/** Returns the steps of a forecast within a span. */
function listSteps({ startMs, steps, stepS }: Forecast, fromMs: number, untilMs: number): readonly number[] {
  const first = Math.max(0, Math.floor((fromMs - startMs) / (stepS * 1000)));
  const last = Math.min(steps - 1, Math.floor((untilMs - startMs) / (stepS * 1000)));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** Returns a forecast within a span as the points of a line, at most as many as it has: of neighbours the mean. */
export function listForecastPoints(
  forecast: Forecast,
  fromMs: number,
  untilMs: number,
): readonly ForecastPoint[] {
  return downsample(
    listSteps(forecast, fromMs, untilMs).map((step) => toPoint(forecast, step)),
    merge,
  );
}

/** Returns the means of a forecast over a span; null if it does not cover any of it. */
export function forecastOver(forecast: Forecast, fromMs: number, untilMs: number): ForecastPoint | null {
  const [first, ...others] = listSteps(forecast, fromMs, untilMs - 1).map((step) => toPoint(forecast, step));
  if (first === undefined) return null;
  const refused = mean([first, ...others].map((point) => point.refused));
  return { ...merge([first, ...others]), refused, at: new Date(untilMs).toISOString() };
}
