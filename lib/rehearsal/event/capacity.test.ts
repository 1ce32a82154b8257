import { describe, expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { testEstate, testFunction, testScfAccount, testSplit, testSwitch } from '@/testing/plan/test-estate';
import {
  rehearsalCutover,
  rehearsalScenario,
  rehearsalT0,
  testRehearsal,
} from '@/testing/rehearsal/test-rehearsal';
import { wideRehearsal } from '@/testing/rehearsal/wide-rehearsal';
import { rehearse } from './rehearse';

/** A spike of 30,000 requests per second half an hour after T0: half of them go to the function, 1,200 at once. */
const rush = rehearsalScenario({
  demand: { kind: 'spike', baseRps: 100, peakRps: 30_000, atS: 1800, riseS: 0, holdS: 300, decayS: 60 },
  cvm: { servers: 1, each: { kind: 'rate', rps: 40_000, latencyMs: 50 } },
});

const estate = testEstate({
  scfAccounts: [testScfAccount({ quotaMb: 640_000 })],
  functions: [testFunction({ provisioned: [], aliases: [], triggers: [] })],
});

describe('a rehearsal of too little capacity', () => {
  it('refuses a rush that starts instances faster than allowed, and is met with warm instances', async () => {
    const cold = await rehearse(testRehearsal({ estate, scenario: rush }));
    expect(cold.totals.failedBy.functionBurst).toBeGreaterThan(1000);
    expect(cold.verdict).toBe('missed');
    expect(cold.changes[0]).toMatchObject({ code: 'warmMore', place: 'diversion' });

    const diversion = SplitDiversion.parse(testSplit({ provisioned: 1500 }));
    const cutover = rehearsalCutover({ prewarmS: 1200 });
    const warm = await rehearse(testRehearsal({ estate, diversion, cutover, scenario: rush }));
    expect(warm.totals.failedBy.functionBurst ?? 0).toBeLessThan(cold.totals.failedBy.functionBurst ?? 0);
    expect(Math.max(...(warm.series.columns.provisioned ?? []))).toBe(1500);
  });
});

describe('a rehearsal of servers', () => {
  const answer = async (cvm: object) => {
    const demand = { kind: 'constant', rps: 100 };
    const scenario = rehearsalScenario({ demand, cvm } as never);
    const { totals, changes } = await rehearse(testRehearsal({ estate, scenario }));
    return { failedBy: totals.failedBy, codes: changes.map(({ code }) => code) };
  };

  it('advises a longer timeout, and no more servers, if requests only take longer than it', async () => {
    const each = { kind: 'workers', workers: 1000, latencyMs: 5000 };
    const { failedBy, codes } = await answer({ servers: 10, each, timeoutS: 1, variation: 0 });
    expect(failedBy.serverSlow).toBeGreaterThan(1000);
    expect(codes).toContain('raiseServerTimeout');
    expect(codes).not.toContain('addServers');
  });

  it('advises more servers if requests wait for one until the timeout', async () => {
    const each = { kind: 'workers', workers: 10, latencyMs: 500 };
    const { codes } = await answer({ servers: 1, each, timeoutS: 1, variation: 0 });
    expect(codes).toContain('addServers');
    expect(codes).not.toContain('raiseServerTimeout');
  });
});

describe('a rehearsal of few requests', () => {
  it('counts the failures of each in its totals and its errors alike, and no cause that is rounding', async () => {
    const cvm = { servers: 1, each: { kind: 'rate' as const, rps: 1000, latencyMs: 50 }, errorShare: 0.02 };
    const scenario = rehearsalScenario({ demand: { kind: 'constant', rps: 0.05 }, cvm });
    const { totals, errors, series } = await rehearse(testRehearsal({ estate, scenario }));
    const seen = errors.filter(({ seenBy }) => seenBy === 'clients');
    expect(totals.failed).toBeGreaterThan(2);
    expect(seen.reduce((sum, { count }) => sum + count, 0)).toBeCloseTo(totals.failed, 2);
    const causes = seen.map(({ cause }) => cause).toSorted();
    expect(Object.keys(totals.failedBy)).toEqual(causes);
    expect(Object.keys(series.failedBy)).toEqual(causes);
    expect(causes).not.toContain('serverBusy');
  });
});

describe('the series of a rehearsal', () => {
  it('add up to the totals, also where steps are longer than the series have', async () => {
    // The spike is more than ten minutes from T0 and T1, where steps are of 10 s.
    const spike = { kind: 'spike', baseRps: 0, peakRps: 100, riseS: 0, holdS: 3, decayS: 0 } as const;
    const scenario = rehearsalScenario({ durationS: 1500, demand: { ...spike, atS: 753 } });
    const cutover = rehearsalCutover({ t1: new Date(rehearsalT0 + 1_500_000).toISOString() });
    const { series, totals } = await rehearse(testRehearsal({ estate, scenario, cutover }));
    expect(series.stepS).toBeLessThan(10);
    const { offered = [], attempts = [] } = series.columns;
    expect(Array.from(offered)).not.toContain(undefined);
    const sum = (column: readonly number[]) => column.reduce((all, each) => all + each * series.stepS, 0);
    expect(totals.offered).toBeGreaterThan(0);
    expect(sum(offered) / totals.offered).toBeCloseTo(1, 3);
    expect(sum(attempts) / totals.attempts).toBeCloseTo(1, 3);
  });
});

describe('a rehearsal of several functions', () => {
  it('takes the duration of each from the scenario of its plan, which names it with its namespace', async () => {
    const [fn] = rehearsalScenario().functions;
    const functions = [
      { ...fn, name: 'flash/other', duration: { kind: 'fixed', ms: 10 } },
      { ...fn, name: 'flash/storefront', timeoutS: 30, duration: { kind: 'fixed', ms: 1500 } },
    ];
    const scenario = rehearsalScenario({ demand: { kind: 'constant', rps: 60 }, functions } as never);
    const report = await rehearse(testRehearsal({ estate, scenario }));
    // Half of the names' requests, each for 1.5 s.
    expect(Math.max(...(report.series.columns.busy ?? []))).toBeGreaterThan(30);
  });
});

describe('a rehearsal of a move', () => {
  it('judges waits by the minute: a second in which many instances start is no slow minute', async () => {
    const [fn] = rehearsalScenario().functions;
    const functions = [{ ...fn, timeoutS: 30, duration: { kind: 'lognormal', meanMs: 2500, p95Ms: 5000 } }];
    const scenario = rehearsalScenario({ demand: { kind: 'constant', rps: 60 }, functions } as never);
    const report = await rehearse(testRehearsal({ estate, scenario }));
    expect(Math.max(...(report.series.columns.waitP95Ms ?? []))).toBeGreaterThanOrEqual(400);
    expect(report.totals.peakWaitP95Ms).toBe(0);
  });

  it('loses no request with enough capacity and no faults, until the old side has drained', async () => {
    const population = { ...testRehearsal().population, overstay: { share: 0, seconds: 1 } };
    const input = testRehearsal({ diversion: testSwitch(), settings: { population } });
    const report = await rehearse(input);
    expect(report.verdict).toBe('met');
    expect(report.totals.failedBy).toEqual({});
    expect(report.totals.lost).toBe(0);
    const { apply, rollback } = report.convergence;
    for (const { moved, changedAtS, drainedAtS } of [apply, rollback]) {
      expect(moved.filter(({ afterS }) => afterS === null)).toEqual([]);
      expect(moved.map(({ afterS }) => afterS)).toEqual(
        moved.map(({ afterS }) => afterS).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
      );
      expect((drainedAtS ?? Infinity) - (changedAtS ?? 0)).toBeLessThanOrEqual(60 + 75 + 2);
    }
  });

  it('shows the intended and the actual shares of a ramp', async () => {
    const report = await rehearse(testRehearsal({ diversion: testSwitch({ ramp: [10, 50, 100] }) }));
    const { intendedShare = [], functionShare = [] } = report.series.columns;
    expect(
      [0.1, 0.5, 1].map((share) => intendedShare.some((value) => Math.abs(value - share) < 0.011)),
    ).toEqual([true, true, true]);
    const at = intendedShare.findIndex((value) => Math.abs(value - 0.5) < 0.011);
    expect(Math.abs((functionShare[at + 20] ?? 0) - 0.5)).toBeLessThan(0.2);
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
  });

  it('stays in effect without T1', async () => {
    const report = await rehearse(testRehearsal({ cutover: rehearsalCutover({ t1: null }) }));
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'done' } });
    expect(report.convergence.rollback.changedAtS).toBeNull();
  });

  it('starts at once without a schedule', async () => {
    const report = await rehearse(testRehearsal({ cutover: null }));
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'done' }, t1: null });
    expect(report.goals.some(({ kind }) => kind === 'latenessMs')).toBe(false);
  });

  it('of many names has a report of bounded size', async () => {
    const report = await rehearse(wideRehearsal({ names: 12, hours: 2 }));
    expect(report.hosts).toHaveLength(12);
    expect(report.timeline.length).toBeLessThanOrEqual(600);
    expect(report.series.columns.offered?.length).toBeLessThanOrEqual(361);
  });
});
