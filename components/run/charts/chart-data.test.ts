import { expect, it } from 'vitest';
import { testChartsView } from '@/testing/components/test-charts';
import { drawCharts, getLast, getSpan, placeMarks } from './chart-data';

const at = (s: number) => new Date(Date.UTC(2026, 11, 12, 0, 0, s)).toISOString();
const ms = (s: number) => Date.parse(at(s));

it('draws nothing while no traffic has moved', () => {
  const shares = [{ at: at(0), functionShare: 0 }];
  const charts = drawCharts(testChartsView({ state: 'waiting', shares }), ms(60));
  expect(Object.values(charts).map(({ points }) => points.length)).toEqual([0, 0, 0, 0, 0, 0]);
});

it('draws the intended share as steps to the end of the scale, and the measured one', () => {
  const point = { errorRate: 0, lagMs: 0, functions: [] };
  const view = testChartsView({
    shares: [
      { at: at(0), functionShare: null },
      { at: at(10), functionShare: 10 },
    ],
    traffic: [
      { at: at(20), cvm: 90, function: 10, ...point },
      { at: at(40), cvm: null, function: 10, ...point },
    ],
  });
  expect(drawCharts(view, ms(60)).share.points).toEqual([
    { at: ms(0), values: { intended: null, measured: null } },
    { at: ms(10), values: { intended: 10, measured: null } },
    { at: ms(20), values: { intended: 10, measured: 10 } },
    { at: ms(40), values: { intended: 10, measured: null } },
    { at: ms(60), values: { intended: 10, measured: null } },
  ]);
});

it('draws traffic at the end of the measured minute, which monitoring has late', () => {
  const functions = [{ name: 'a', inUse: 3, limit: 100, warm: 0 }];
  const point = { cvm: 50, function: 50, errorRate: 1, functions };
  const view = testChartsView({
    now: at(420),
    shares: [{ at: at(0), functionShare: 50 }],
    traffic: [
      { at: at(240), ...point, lagMs: 180_000 },
      { at: at(300), ...point, lagMs: 180_000 },
      // Monitoring had nothing: the gap is as late as the minute before.
      { at: at(360), ...point, cvm: null, lagMs: null },
      // Less late.
      { at: at(420), ...point, lagMs: 120_000 },
    ],
  });
  const charts = drawCharts(view, ms(420));
  for (const name of ['rate', 'errors', 'concurrency'] as const)
    expect(charts[name].points.map((each) => each.at)).toEqual([60, 120, 180, 300].map(ms));
  expect(charts.share.points.map((each) => [each.at, each.values.measured])).toEqual([
    [ms(0), null],
    [ms(60), 50],
    [ms(120), 50],
    [ms(180), null],
    [ms(300), 50],
    [ms(420), null],
  ]);
  expect(getSpan({ ...view, state: 'over' })).toEqual({ from: ms(60), until: ms(300) });
});

it('draws the measured share of the requests that move, and none where they are unknown', () => {
  const point = { cvm: 90, function: 10, errorRate: 0, lagMs: 0, functions: [] };
  const moved = { cvm: 10, function: 10, errorRate: 0 };
  const view = testChartsView({
    shares: [{ at: at(0), functionShare: 100 }],
    traffic: [
      { ...point, at: at(60), moved },
      { ...point, at: at(120), moved: null },
    ],
  });
  const charts = drawCharts(view, ms(180));
  const drawn = charts.share.points.map(({ at: when, values }) => [when, values.intended, values.measured]);
  expect(drawn).toEqual([
    [ms(0), 100, null],
    [ms(60), 100, 50],
    [ms(120), 100, null],
    [ms(180), 100, null],
  ]);
  expect(charts.rate.points[0]?.values).toEqual({ cvm: 90, function: 10 });
});

it('draws failed probes as a share of those sent, with gaps without probes, and the limit of the guard', () => {
  const view = testChartsView({
    probes: [
      { at: at(0), sent: 4, failed: 1, slowestMs: 90 },
      { at: at(10), sent: 0, failed: 0, slowestMs: null },
    ],
    guards: [
      { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'rollback' },
      { measure: 'probeFailures', limit: 30, forS: 60, outcome: 'stop' },
    ],
  });
  const { probes, latency } = drawCharts(view, ms(60));
  expect(probes.points.map(({ values }) => values.failed)).toEqual([25, null]);
  expect(probes.limit).toBe(30);
  expect(latency.limit).toBeNull();
  expect(getLast(latency, 0)).toEqual([{ key: 'slowest', value: 90 }]);
});

it('draws one line for each function, and its limit only while there is one', () => {
  const use = (name: string, inUse: number | null) => ({ name, inUse, limit: 100, warm: 0 });
  const point = { at: at(0), cvm: 'none', function: 1, errorRate: null, lagMs: 0 } as const;
  const one = drawCharts(testChartsView({ traffic: [{ ...point, functions: [use('a', 3)] }] }), ms(60));
  expect(one.concurrency).toMatchObject({ limit: 100, points: [{ values: { a: 3 } }] });
  const functions = [use('a', 3), use('b', null)];
  const two = drawCharts(testChartsView({ traffic: [{ ...point, functions }] }), ms(60));
  expect(two.concurrency).toMatchObject({ limit: null, series: [{ key: 'a' }, { key: 'b' }] });
});

it('scales from the first to the last instant, to now while the run is in progress, and to a T1 within the hour', () => {
  const marks = [
    { at: at(10), kind: 'T0' },
    { at: at(600), kind: 'T1' },
  ] as const;
  expect(getSpan(testChartsView({ now: at(300), marks }))).toEqual({ from: ms(10), until: ms(600) });
  expect(getSpan(testChartsView({ now: at(300), marks: marks.slice(0, 1) }))).toEqual({
    from: ms(10),
    until: ms(300),
  });
  const over = testChartsView({ now: at(9000), state: 'over', marks });
  expect(getSpan(over)).toEqual({ from: ms(10), until: ms(600) });
});

it('shows no overlapping labels of marks, and no marks outside the scale', () => {
  const marks = [
    { at: at(0), kind: 'apply' },
    { at: at(2), kind: 'bake' },
    { at: at(50), kind: 'rollback' },
    { at: at(200), kind: 'T1' },
  ] as const;
  expect(placeMarks(marks, { from: ms(0), until: ms(100) })).toEqual([
    { at: ms(0), kind: 'apply' },
    { at: ms(2), kind: null },
    { at: ms(50), kind: 'rollback' },
  ]);
});
