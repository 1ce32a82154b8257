import { expect, it } from 'vitest';
import type { ForecastPoint } from '@/lib/run/model/forecast/forecast-points';
import { testChartsView } from '@/testing/components/test-charts';
import { drawCharts } from './chart-data';
import { addForecast } from './forecast-lines';

const start = Date.UTC(2026, 11, 12);
const iso = (s: number) => new Date(start + s * 1000).toISOString();
const ms = (s: number) => start + s * 1000;
const forecast = (s: number): ForecastPoint => ({
  at: iso(s),
  cvm: 100 - s,
  function: s,
  refused: 1,
  concurrency: 2,
});
const points = [0, 10, 20, 30, 40, 50, 60].map(forecast);
const span = { from: ms(0), until: ms(60) };
const traffic = [15, 35].map((s) => ({
  at: iso(s),
  cvm: 80,
  function: 20,
  errorRate: 0,
  lagMs: 0,
  functions: [],
}));

it('follows the measured times within the measured part, so that no measured line has a gap', () => {
  const view = testChartsView({ traffic, now: iso(60) });
  const { rate } = addForecast(drawCharts(view, span.until), points, span);
  expect(
    rate.points.map(({ at, values }) => [(at - start) / 1000, values.cvm ?? null, values.forecastCvm]),
  ).toEqual([
    [0, null, 100],
    [10, null, 90],
    [15, 80, 85],
    [35, 80, 65],
    [40, null, 60],
    [50, null, 50],
    [60, null, 40],
  ]);
  expect(rate.series.map(({ key, look }) => `${key} ${look}`)).toEqual([
    'cvm cvm',
    'function function',
    'forecastCvm forecastStacked',
    'forecastFunction forecastStacked',
  ]);
});

it('leaves the planned share drawn through its own times', () => {
  const shares = [
    { at: iso(0), functionShare: 0 },
    { at: iso(12), functionShare: 50 },
  ];
  const { share } = addForecast(drawCharts(testChartsView({ shares, now: iso(60) }), ms(60)), points, span);
  expect(share.points.every(({ values }) => values.intended !== null)).toBe(true);
  expect(share.points.find(({ at }) => at === ms(20))?.values).toMatchObject({ intended: 50, forecast: 20 });
});

it('has no share where it has no requests', () => {
  const quiet = points.map((point) => (point.at === iso(20) ? { ...point, cvm: 0, function: 0 } : point));
  const { share, rate } = addForecast(
    drawCharts(testChartsView({ traffic, now: iso(60) }), ms(60)),
    quiet,
    span,
  );
  const line = share.points.map(({ at, values }) => [(at - start) / 1000, values.forecast ?? null]);
  expect(line).toEqual([
    [0, 0],
    [10, 10],
    // Between requests and none.
    [15, null],
    [35, 35],
    [40, 40],
    [50, 50],
    [60, 60],
  ]);
  expect(rate.points.find(({ at }) => at === ms(15))?.values).toMatchObject({ forecastCvm: 45 });
  const alone = addForecast(drawCharts(testChartsView({ now: iso(60) }), ms(60)), quiet, span);
  expect(alone.share.points.map(({ values }) => values.forecast)).toEqual([0, 10, null, 30, 40, 50, 60]);
});

it('is drawn alone before anything is measured, within the scale, and not at all without points', () => {
  const charts = drawCharts(testChartsView({ now: iso(60) }), ms(60));
  const { errors, concurrency, probes } = addForecast(charts, points, { from: ms(20), until: ms(40) });
  expect(errors.points.map(({ at }) => (at - start) / 1000)).toEqual([20, 30, 40]);
  expect(concurrency.points[0]?.values).toEqual({ forecastConcurrency: 2 });
  expect(probes).toEqual(charts.probes);
  expect(addForecast(charts, [], span)).toEqual(charts);
  // A scale that ends between two points is drawn to its end.
  const between = addForecast(charts, points, { from: ms(25), until: ms(35) });
  expect(between.errors.points.map(({ at }) => (at - start) / 1000)).toEqual([20, 30, 40]);
});
