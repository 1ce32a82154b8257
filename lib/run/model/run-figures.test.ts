import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultGuards } from '@/lib/diversion/cutover';
import type { Diversion } from '@/lib/diversion/diversion';
import { PlanId } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testSplit, testSwitch } from '@/testing/plan/test-estate';
import type { VantageReport } from './convergence';
import { readStoredPoint, type TrafficPoint } from './diverted-traffic';
import { movesName } from './drain';
import type { RunRecord } from './fold-run';
import type { RunEvent } from './model';
import { listShares, type ShareChange } from './run-charts';
import {
  compareSplit,
  computeFigures,
  countOwnRequests,
  type FigureFacts,
  findSplit,
  getDeviation,
  getSettleS,
} from './run-figures';
import { RunId } from './run-id';

const start = Date.UTC(2026, 11, 12);
const at = (s: number) => new Date(start + s * 1000).toISOString();
const traffic = (
  s: number,
  cvm: TrafficPoint['cvm'],
  fn: TrafficPoint['function'],
  lagMs = 0,
): TrafficPoint => ({
  at: at(s),
  cvm,
  function: fn,
  errorRate: 0,
  lagMs,
  functions: [],
});
const half: readonly ShareChange[] = [
  { at: at(0), functionShare: 0 },
  { at: at(100), functionShare: 50 },
];
const facts = (change: Partial<FigureFacts>): FigureFacts => ({
  ownPerMinute: 0,
  names: [],
  reports: [],
  traffic: null,
  shares: half,
  settleS: 0,
  split: [],
  now: new Date(at(1000)),
  ...change,
});
const agent = (name: string, s: number, passed: readonly boolean[]): VantageReport => ({
  kind: 'agent',
  name,
  address: null,
  at: at(s),
  dns: [],
  counts: [],
  http: passed.map((each, n) => ({
    url: `https://${n}.test/`,
    passed: each,
    status: each ? 200 : null,
    latencyMs: 10,
    failure: each ? null : 'no answer',
  })),
});

describe('the measured split', () => {
  it('is compared once a whole minute has been measured after the last change and its TTL', () => {
    expect(compareSplit(traffic(219, 5, 5), half, 60, 0)).toBeNull();
    expect(compareSplit(traffic(220, 5, 5), half, 60, 0)).toMatchObject({
      share: 0.5,
      n: 600,
      intended: 0.5,
    });
    // What monitoring has late was measured before.
    expect(compareSplit(traffic(220, 5, 5, 30_000), half, 60, 0)).toBeNull();
  });

  it('is compared once answers with the longest TTL and kept connections have expired', () => {
    const plan = (diversion: Diversion) => createTestPlan({ diversion });
    const split = plan(testSplit());
    const ttls = split.steps
      .filter(movesName)
      .flatMap(({ before }) => (before.kind === 'recordSet' ? before.records.map(({ ttlS }) => ttlS) : []));
    const ttlS = Math.max(...ttls);
    expect(ttlS).toBeGreaterThan(0);
    // The plan's own time is used, and that of the settings only if it drains nothing.
    expect(getSettleS(split, 10)).toBe(ttlS + 75);
    const flip = plan(testSwitch());
    const alone = { ...flip, rollback: flip.rollback.filter(({ kind }) => kind !== 'drain') };
    expect(getSettleS(alone, 10)).toBe(ttlS + 10);
    const inPlace = { steps: split.steps.filter((step) => !movesName(step)), rollback: [] };
    expect(getSettleS(inPlace, 10), 'DNS moves nothing').toBe(0);

    // 40 of 140 requests are on old connections.
    const point = (s: number) => traffic(s, 40 / 60, 100 / 60);
    const shares = [{ at: at(0), functionShare: 100 }];
    const settleS = 1 + 75;
    const measure = (s: number) =>
      computeFigures(facts({ traffic: point(s), shares, settleS })).measures.splitDeviation;
    expect([measure(62), measure(135)]).toEqual([null, null]);
    expect(measure(136)).toBeCloseTo(28.6, 1);
    expect(findSplit([point(135)], shares, settleS, 0)).toBeNull();
    expect(findSplit([point(136)], shares, settleS, 0)).toMatchObject({ n: 140 });
  });

  it('is not compared while a part of the requests that matters may be of probes and agents', () => {
    const planned = createTestPlan();
    const run = { plan: planned, events: [], guards: defaultGuards };
    const agents = [agent('x', 900, [true, true])];
    const own = countOwnRequests(run, agents, 10);
    // The probe of the moved route every 5 seconds for the guards. For the charts, too, every 10 seconds, as both requests
    // of the agent.
    expect(own).toBe(12 + 6 * (1 + 2));
    expect(countOwnRequests({ ...run, guards: [] }, agents, 10)).toBe(6 * (1 + 2));
    expect(countOwnRequests(run, agents, 0)).toBe(12);
    const rate = (own * 20) / 60;
    expect(compareSplit(traffic(900, 0, rate - 1), half, 0, own)).toBeNull();
    expect(compareSplit(traffic(900, 0, rate + 1), half, 0, own)).toMatchObject({ share: 1 });
  });

  it('is not compared without requests, without a plan, or without figures', () => {
    expect(compareSplit(traffic(900, 0, 0), half, 0, 0)).toBeNull();
    expect(compareSplit(traffic(900, null, 5), half, 0, 0)).toBeNull();
    expect(compareSplit(traffic(900, 5, 5), [{ at: at(0), functionShare: null }], 0, 0)).toBeNull();
    const partial = { ...traffic(900, 5, 5), areSidesWhole: false };
    expect(compareSplit(partial, half, 0, 0)).toBeNull();
    expect(compareSplit({ ...partial, areSidesWhole: true }, half, 0, 0)).not.toBeNull();
  });

  it('of a Split is that of the requests that move, however many stay with CVM', () => {
    const planned = createTestPlan();
    const { plan } = { plan: planned };
    const events = plan.steps.map(
      ({ id: stepId }): RunEvent => ({
        type: 'stepDone',
        stepId,
        outcome: 'applied',
        requestId: null,
        durationMs: 0,
        at: at(10),
        direction: 'apply',
      }),
    );
    const run: RunRecord = {
      id: RunId.parse('R-1'),
      planId: PlanId.parse('P-1'),
      plan,
      cutover: null,
      guards: [],
      connectionKind: 'sandbox',
      attempts: [],
      events,
    };
    const shares = listShares(run, at(0));
    const whole = { ...traffic(2000, 500, 100), areSidesWhole: false };
    const measure = (moved: TrafficPoint['moved']) => {
      const point = { ...whole, moved: moved ?? null };
      const { measures } = computeFigures(facts({ traffic: point, shares, now: new Date(at(2000)) }));
      return { split: findSplit([point], shares, 0, 0), deviation: measures.splitDeviation };
    };
    const known = (cvm: TrafficPoint['cvm'], fn: TrafficPoint['function']) =>
      measure({ cvm, function: fn, errorRate: 0 });
    expect(known(0, 100)).toMatchObject({ split: { share: 1, intended: 1, n: 6000 }, deviation: 0 });
    expect(known('none', 100)).toMatchObject({ split: { share: 1 }, deviation: 0 });
    expect(known(25, 75)).toMatchObject({ split: { share: 0.75 }, deviation: 25 });
    // A single request to CVM differs, but by next to nothing.
    const straggler = known(1 / 60, 999 / 60);
    expect(straggler.split).toMatchObject({ n: 1000, share: 0.999 });
    expect(straggler.deviation).toBeCloseTo(0.1, 9);
    expect(measure(null)).toEqual({ split: null, deviation: null });
    expect(findSplit([readStoredPoint(plan.diversion, whole)], shares, 0, 0)).toBeNull();
    const rate = fc.oneof(
      fc.constantFrom<TrafficPoint['cvm']>('none', null),
      fc.double({ min: 0, max: 500, noNaN: true }),
    );
    fc.assert(
      fc.property(rate, rate, (cvm, fn) => {
        const { split, deviation } = known(cvm, fn);
        if (cvm === null || fn === null) return split === null && deviation === null;
        if (split === null) return true;
        const isAll = cvm === 'none' || Math.round(cvm * 60) === 0;
        const isWithin =
          split.share >= 0 && split.share <= 1 && (deviation ?? -1) >= 0 && (deviation ?? 101) <= 100;
        return isWithin && (!isAll || (split.share === 1 && deviation === 0));
      }),
    );
  });

  it('deviates by points as soon as the planned share is outside of its interval', () => {
    const near = compareSplit(traffic(900, 5, 5.2), half, 0, 0);
    const far = compareSplit(traffic(900, 38, 62), half, 0, 0);
    if (near === null || far === null) throw new Error('both are measured');
    expect(getDeviation(near)).toBe(0);
    expect(getDeviation(far)).toBeCloseTo(12, 6);
    expect(far.pValue).toBeLessThan(0.001);
  });

  it('never deviates by more than the difference, and not at all if it is as planned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 3000 }), (cvm, fn) => {
        const split = compareSplit(traffic(900, cvm / 60, fn / 60), half, 0, 0);
        if (split === null) return false;
        const deviation = getDeviation(split);
        const difference = Math.abs(fn / (cvm + fn) - 0.5) * 100;
        return deviation === 0 ? cvm !== fn || difference === 0 : Math.abs(deviation - difference) < 1e-9;
      }),
    );
  });

  it('is the last one before a rollback once that has ended', () => {
    const back = [...half, { at: at(500), functionShare: 0 }];
    expect(findSplit([traffic(400, 5, 5), traffic(900, 10, 0)], back, 0, 0)?.at).toBe(at(400));
    expect(findSplit([], half, 0, 0)).toBeNull();
  });
});

describe('the figures of guards', () => {
  const name = { name: 'a.test', connectionId: 'test', type: 'A' as const, ttlS: 60 };
  const answer = (value: string) => ({
    name: 'a.test',
    at: at(990),
    values: [value],
    ttlS: 10,
    failure: null,
  });

  it('are none while nothing is measured', () => {
    expect(computeFigures(facts({})).measures).toEqual({
      notConverged: null,
      splitDeviation: null,
      errorsAboveCvm: null,
      agentFailures: null,
    });
  });

  it('count the answers that are not current, of all vantage points', () => {
    const report = (kind: VantageReport['kind'], value: string) => ({
      ...agent('x', 990, []),
      kind,
      dns: [answer(value)],
    });
    const reports = [report('own', '2'), report('resolver', '1'), report('agent', '1'), report('agent', '2')];
    const names = [{ ...name, served: ['2'], known: ['1', '2'] }];
    expect(computeFigures(facts({ names, reports })).measures.notConverged).toBe(50);
  });

  it('compare the errors of the function with those of the CVM side, and know their lag', () => {
    const point = { ...traffic(900, 5, 5, 30_000), sideErrors: { cvm: 0.4, function: 1 } };
    const { measures, lagMs } = computeFigures(facts({ traffic: point }));
    expect(measures.errorsAboveCvm).toBeCloseTo(0.6, 9);
    expect(lagMs).toMatchObject({ splitDeviation: 130_000, errorsAboveCvm: 130_000 });
    const better = { ...point, sideErrors: { cvm: 3, function: 1 } };
    expect(computeFigures(facts({ traffic: better })).measures.errorsAboveCvm).toBe(0);
    const unread = { ...point, sideErrors: { cvm: null, function: 1 } };
    expect(computeFigures(facts({ traffic: unread })).measures.errorsAboveCvm).toBeNull();
  });

  it('are exact enough for a limit that they only reach', () => {
    const sideErrors = { cvm: 0.6, function: 1.1 };
    const point = { ...traffic(900, 36, 64), sideErrors };
    const shares = [{ at: at(100), functionShare: 50 }];
    const reports = [
      agent(
        'a',
        990,
        Array.from({ length: 25 }, (_, n) => n >= 7),
      ),
    ];
    expect(computeFigures(facts({ traffic: point, shares, reports })).measures).toEqual({
      notConverged: null,
      splitDeviation: 14,
      errorsAboveCvm: 0.5,
      agentFailures: 28,
    });
  });

  it('count the failed requests of agents, of those that still report', () => {
    const reports = [agent('a', 990, [true, false]), agent('b', 990, [true, true]), agent('c', 100, [false])];
    expect(computeFigures(facts({ reports })).measures.agentFailures).toBe(25);
  });

  it('lag by the oldest report and answer that make them worse, of those that count', () => {
    const reports = [
      { ...agent('a', 970, [false]), dns: [{ ...answer('1'), at: at(960) }] },
      { ...agent('b', 980, [false]), dns: [{ ...answer('1'), at: at(950) }] },
      { ...agent('passed', 900, [true]), dns: [{ ...answer('2'), at: at(900) }] },
      { ...agent('silent', 900, []), dns: [{ ...answer('1'), values: null, at: at(900) }] },
      { ...agent('gone', 800, [false]), dns: [{ ...answer('1'), at: at(800) }] },
    ];
    const names = [{ ...name, served: ['2'], known: ['1', '2'] }];
    const { lagMs } = computeFigures(facts({ names, reports }));
    expect(lagMs).toMatchObject({ agentFailures: 30_000, notConverged: 50_000 });
    expect(computeFigures(facts({})).lagMs).toMatchObject({ agentFailures: 0, notConverged: 0 });
  });
});
