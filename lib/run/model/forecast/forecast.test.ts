import { describe, expect, it } from 'vitest';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { invariant } from '@/lib/invariant';
import { eventScenario } from '@/lib/plan/event-scenario';
import { type Plan, PlanId } from '@/lib/plan/model/model';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { listShares, pointsMax } from '@/lib/run/model/run-charts';
import { RunId } from '@/lib/run/model/run-id';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch, testWaves } from '@/testing/plan/test-estate';
import { listDeviations } from './compare-forecast';
import { type Forecast, listForecastPoints } from './forecast-points';
import { findT0, forecastScenario } from './forecast-scenario';

const t0Ms = Date.UTC(2026, 11, 12, 12);
const iso = (s: number) => new Date(t0Ms + s * 1000).toISOString();
const direction = 'apply';

function planRamp(): { readonly plan: Plan; readonly scenario: CapacityScenario } {
  const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] });
  const made = createTestPlan({ estate, diversion: testSwitch({ ramp: [10, 50, 100] }) });
  const scenario = eventScenario(made, estate, null);
  invariant(scenario !== null, 'it moves to a function');
  return { plan: made, scenario: { ...scenario, demand: { kind: 'constant', rps: 100 } } };
}
const { plan, scenario } = planRamp();
const t0S = scenario.traffic.changes[0]?.atS ?? 0;
const run = (events: readonly RunEvent[], t1: string | null = null): RunRecord => ({
  id: RunId.parse('R-1'),
  planId: PlanId.parse('P-1'),
  plan,
  cutover:
    t1 === null
      ? null
      : ({ t0: iso(0), t1, zone: 'UTC', prewarmS: 0, guards: [] } as unknown as RunRecord['cutover']),
  guards: [],
  connectionKind: 'sandbox',
  attempts: [{ attempt: 1, direction, actor: 'sari', reason: '', requestedAt: iso(0) }],
  events,
});
const started: RunEvent = { type: 'started', actor: 'sari', attempt: 1, at: iso(0), direction };
/** The first shares of the ramp are set at these seconds. */
function moved(seconds: readonly number[]): readonly RunEvent[] {
  let stage = 0;
  const events: RunEvent[] = [started];
  for (const step of plan.steps) {
    if (stage >= seconds.length) break;
    const at = iso(seconds[stage] ?? 0);
    const done = { stepId: step.id, outcome: 'applied', requestId: null, durationMs: 0 } as const;
    events.push({ type: 'stepDone', ...done, at, direction });
    if (step.kind === 'bake') stage += 1;
  }
  return events;
}
const shape = (of: RunRecord, nowS: number) =>
  forecastScenario({ scenario, t0S }, of, t0Ms, new Date(t0Ms + nowS * 1000));
const listChanges = (of: RunRecord, nowS: number) =>
  shape(of, nowS).traffic.changes.map(({ atS, functionShare }) => [Math.round(atS - t0S), functionShare]);

describe('the scenario of a run', () => {
  it('has T0 where the run has it, and the ramp as planned until something has moved', () => {
    const made = shape(run([started]), 0);
    expect(Date.parse(made.startsAt ?? '') + t0S * 1000).toBe(t0Ms);
    expect(listChanges(run([started]), 0)).toEqual([
      [0, 0.1],
      [300, 0.5],
      [600, 1],
    ]);
  });

  it('has the shares that were set at their times, and those left a bake after each other', () => {
    expect(listChanges(run(moved([40])), 50)).toEqual([
      [40, 0.1],
      [340, 0.5],
      [640, 1],
    ]);
    expect(listChanges(run(moved([40, 700])), 710)).toEqual([
      [40, 0.1],
      [700, 0.5],
      [1000, 1],
    ]);
    // A skipped bake.
    expect(listChanges(run(moved([40, 200])), 210).at(-1)).toEqual([500, 1]);
  });

  it('has the next share no earlier than now, and the later ones after its bake', () => {
    expect(listChanges(run([started]), 100)).toEqual([
      [100, 0.1],
      [400, 0.5],
      [700, 1],
    ]);
    expect(listChanges(run(moved([40])), 900)).toEqual([
      [40, 0.1],
      [900, 0.5],
      [1200, 1],
    ]);
  });

  it('moves the names of each wave in turn', () => {
    const hosts = ['shop', 'flash', 'late', 'last'];
    const names = hosts.map((host) => `${host}.example.co.id`);
    const records = hosts.map((host, index) => testRecord(11 + index, host, '127.77.1.1', { ttlS: 60 }));
    const diversion = testWaves([names.slice(0, 1), names.slice(1)], 600);
    const made = createTestPlan({ estate: testEstate({ records }), diversion });
    const wave = (nth: number) =>
      made.steps.filter((step) => step.kind === 'write' && step.phase === 'divert' && step.wave === nth);
    const done = (nth: number, s: number): readonly RunEvent[] =>
      wave(nth).map(({ id: stepId }) => ({
        type: 'stepDone',
        stepId,
        outcome: 'applied',
        requestId: null,
        durationMs: 0,
        at: iso(s),
        direction,
      }));
    const list = (events: readonly RunEvent[], nowS: number, weights = {}) =>
      forecastScenario(
        { scenario, t0S, weights },
        { ...run([started, ...events]), plan: made },
        t0Ms,
        new Date(t0Ms + nowS * 1000),
      ).traffic.changes.map(({ atS, functionShare }) => [Math.round(atS - t0S), functionShare]);
    expect(list([], 0)).toEqual([
      [0, 0.25],
      [600, 1],
    ]);
    expect(list(done(1, 40), 50)).toEqual([
      [40, 0.25],
      [640, 1],
    ]);
    expect(list([...done(1, 40), ...done(2, 900)], 950)).toEqual([
      [40, 0.25],
      [900, 1],
    ]);
    expect(list(done(1, 40), 50, { 'shop.example.co.id': 9 })[0]).toEqual([40, 0.75]);
    // Guards compare no share of all names: it depends on the requests to each.
    const shares = listShares({ ...run([started, ...done(1, 40)]), plan: made }, iso(-60));
    expect(shares.map(({ functionShare }) => functionShare)).toEqual([null, null]);
  });

  it('goes no further once the run is stopped, except that T1 brings the traffic back', () => {
    const stopped: RunEvent = {
      type: 'stopped',
      at: iso(60),
      direction,
      reason: { kind: 'internal', message: 'x' },
      stepId: null,
    };
    expect(listChanges(run([...moved([40]), stopped]), 70)).toEqual([[40, 0.1]]);
    expect(listChanges(run([...moved([40]), stopped], iso(3600)), 70)).toEqual([
      [40, 0.1],
      [3600, 0],
    ]);
  });

  it('lasts at most a day, in steps of a valid scenario', () => {
    const week = shape(run(moved([0])), 7 * 86_400);
    expect(CapacityScenario.safeParse(week).error).toBeUndefined();
    expect(week.durationS).toBe(t0S + 86_400);
  });

  it('finds T0 where it passed, else where it is due, else at the start of a run without a schedule', () => {
    const passed: RunEvent = { type: 'passed', gate: 'T0', latenessMs: 9, at: iso(5), direction };
    expect(findT0(run([]))).toBeNull();
    expect(findT0(run([started]))).toBe(t0Ms);
    expect(findT0(run([], iso(3600)))).toBe(t0Ms);
    expect(findT0(run([started, passed], iso(3600)))).toBe(t0Ms + 5000);
  });
});

const makeForecast = (of: RunRecord, nowS: number): Forecast => {
  const made = shape(of, nowS);
  const { series, steps, stepS } = simulateCapacity(made);
  return { series, steps, stepS, startMs: Date.parse(made.startsAt ?? '') };
};

describe('the points of a forecast', () => {
  it('keep the demand, and follow the share as answers expire', () => {
    const points = listForecastPoints(makeForecast(run(moved([0])), 0), t0Ms - 300_000, t0Ms + 3_600_000);
    expect(points.length).toBeLessThanOrEqual(pointsMax);
    for (const { cvm, function: fn } of points) expect(cvm + fn).toBeCloseTo(100, 6);
    const share = (s: number) => points.find(({ at }) => Date.parse(at) >= t0Ms + s * 1000)?.function ?? 0;
    expect(share(-60)).toBe(0);
    expect(share(10)).toBeGreaterThan(0);
    expect(share(10)).toBeLessThan(10);
    expect(share(280)).toBeCloseTo(10, 0);
    expect(share(2000)).toBeGreaterThan(95);
  });
});

describe('a deviation from the forecast', () => {
  const forecast = makeForecast(run(moved([0])), 0);
  const point = (s: number, rps: number, share: number, errorRate = 0): TrafficPoint => ({
    at: iso(s),
    cvm: rps * (1 - share),
    function: rps * share,
    errorRate,
    lagMs: 0,
    functions: [],
  });

  it('is not of a share or errors that the requests of Spillway may shift', () => {
    const figures = (ownPerMinute: number) =>
      listDeviations([point(260, 100, 0.3, 4)], forecast, ownPerMinute).map(({ figure }) => figure);
    expect(figures(300)).toEqual(['share', 'errors']);
    expect(figures(301)).toEqual([]);
    const requests = (rps: number) => listDeviations([point(260, rps, 0.1)], forecast, 1800);
    expect(requests(131)).toEqual([]);
    expect(requests(60)).toMatchObject([{ figure: 'requests', measured: 60 }]);
  });

  it('is the largest of each figure, with its time, and whether the newest minute differs as well', () => {
    const found = listDeviations(
      [point(-120, 100, 0), point(200, 131, 0.1), point(260, 101, 0.1)],
      forecast,
      0,
    );
    expect(found).toEqual([
      expect.objectContaining({ figure: 'requests', at: iso(200), measured: 131, isNow: false }),
    ]);
    expect(found[0]?.forecast).toBeCloseTo(100, 6);
    const late = listDeviations([{ ...point(230, 140, 0.1), lagMs: 30_000 }], forecast, 0);
    expect(late).toMatchObject([{ figure: 'requests', at: iso(200), isNow: true }]);
  });

  it('of the share or the errors counts in points', () => {
    expect(listDeviations([point(260, 100, 0.3)], forecast, 0)).toMatchObject([
      { figure: 'share', measured: 30 },
    ]);
    expect(listDeviations([point(260, 100, 0.1, 4)], forecast, 0)).toMatchObject([
      { figure: 'errors', measured: 4, isNow: true },
    ]);
  });

  it('is of the requests that move, of a Split without those that stay', () => {
    const moved = { cvm: 90, function: 10, errorRate: 0 };
    const all = { ...point(260, 900, 0.01, 50), areSidesWhole: false };
    expect(listDeviations([{ ...all, moved }], forecast, 0)).toEqual([]);
    const figures = (change: Partial<typeof moved>) =>
      listDeviations([{ ...all, moved: { ...moved, ...change } }], forecast, 0).map(({ figure }) => figure);
    expect(figures({ cvm: 70, function: 30 })).toEqual(['share']);
    expect(figures({ errorRate: 4 })).toEqual(['errors']);
    expect(figures({ cvm: 180, function: 20 })).toEqual(['requests']);
    expect(listDeviations([{ ...all, moved: null }], forecast, 0)).toEqual([]);
  });

  it('is none where it may be by chance, is small, or nothing is measured', () => {
    const few = {
      ...forecast,
      series: { ...forecast.series, arrivals: forecast.series.arrivals.map(() => 0.1) },
    };
    expect(listDeviations([point(-120, 0.2, 0)], few, 0)).toEqual([]);
    expect(listDeviations([point(260, 115, 0.12, 0.5)], forecast, 0)).toEqual([]);
    expect(listDeviations([{ ...point(260, 100, 0.3), cvm: null }], forecast, 0)).toEqual([]);
    expect(listDeviations([{ ...point(260, 100, 0.3), areSidesWhole: false }], forecast, 0)).toEqual([]);
    expect(listDeviations([point(-86_400, 500, 0.3)], forecast, 0)).toEqual([]);
    expect(listDeviations([], forecast, 0)).toEqual([]);
  });
});
