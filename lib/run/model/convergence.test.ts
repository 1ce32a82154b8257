import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SwitchDiversion } from '@/lib/diversion/switch';
import { invariant } from '@/lib/invariant';
import { type Plan, PlanId, type Step, StepId } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch, testWaves } from '@/testing/plan/test-estate';
import {
  type ConvergencePoint,
  countAnswers,
  type DnsAnswer,
  getConvergence,
  getLastConvergence,
  isConverging,
  judgeDnsAnswer,
  listConvergences,
  listConvergingNames,
  type VantageReport,
} from './convergence';
import type { RunRecord } from './fold-run';
import type { Direction, RunEvent } from './model';
import { RunId } from './run-id';

const start = Date.UTC(2026, 11, 12);
const at = (s: number) => new Date(start + s * 1000).toISOString();
const old = '127.77.1.1';
const wanted = '127.77.1.2';

/** Plans a Switch on the test estate with these records. */
const planned = (diversion: SwitchDiversion, records: readonly object[]) =>
  createTestPlan({ estate: testEstate({ records }), diversion });
const record = (plan: Plan, events: readonly RunEvent[]): RunRecord => ({
  id: RunId.parse('R-1'),
  planId: PlanId.parse('P-1'),
  plan,
  cutover: null,
  guards: [],
  connectionKind: 'sandbox',
  attempts: [{ attempt: 1, direction: 'apply', actor: 'sari', reason: '', requestedAt: at(0) }],
  events,
});
const accepted = (step: Step, s: number, direction: Direction = 'apply'): RunEvent => ({
  type: 'accepted',
  stepId: step.id,
  requestId: 'r',
  taskId: null,
  direction,
  at: at(s),
});
const moves = (steps: readonly Step[]) =>
  steps.filter(
    (step) =>
      step.kind === 'write' &&
      step.object.kind === 'recordSet' &&
      step.call.action === 'ModifyRecordStatus' &&
      /divert|rollback/.test(step.phase),
  );
const answer = (values: readonly string[] | null, s = 0): DnsAnswer => ({
  name: 'flash.example.co.id',
  values,
  ttlS: 60,
  failure: null,
  at: at(s),
});
const report = (kind: VantageReport['kind'], name: string, dns: readonly DnsAnswer[]): VantageReport => ({
  kind,
  name,
  address: null,
  dns,
  http: [],
  counts: [],
  at: at(0),
});

describe('moved names', () => {
  const plan = planned(testSwitch(), [testRecord(12, 'flash', old)]);

  it('are none before the first change of DNS was accepted', () => {
    expect(listConvergingNames(record(plan, []))).toEqual([]);
  });

  it('serve the newest accepted state, and after the rollback what they served before', () => {
    const there = record(
      plan,
      moves(plan.steps).map((step) => accepted(step, 0)),
    );
    const [moved] = listConvergingNames(there);
    expect(moved).toMatchObject({ name: 'flash.example.co.id', connectionId: 'test', type: 'A' });
    expect(moved?.served).toEqual([wanted]);
    const back = moves(plan.rollback).map((step) => accepted(step, 9, 'rollback'));
    expect(listConvergingNames(record(plan, [...there.events, ...back]))[0]?.served).toEqual([old]);
  });

  it('leave out those of waves that have not begun', () => {
    const names = ['a', 'b'];
    const diversion = testWaves(names.map((name) => [`${name}.example.co.id`]));
    const waves = planned(
      diversion,
      names.map((name, index) => testRecord(20 + index, name, old)),
    );
    const [first] = moves(waves.steps);
    if (first === undefined) throw new Error('the first wave moves its name');
    expect(listConvergingNames(record(waves, [accepted(first, 0)])).map(({ name }) => name)).toEqual([
      'a.example.co.id',
    ]);
  });
});

describe('an answer', () => {
  const name = { served: ['10.0.0.2'], known: ['10.0.0.1', '10.0.0.2', ''] };

  it.each([
    [['10.0.0.2'], 'current'],
    [['10.0.0.1'], 'stale'],
    [['10.0.0.1', '10.0.0.2'], 'stale'],
    [[], 'stale'],
    [['10.9.9.9'], 'other'],
    [['10.0.0.2', '10.9.9.9'], 'other'],
    [null, 'silent'],
  ] as const)('of %j is %s', (values, verdict) => {
    expect(judgeDnsAnswer(name, { values })).toBe(verdict);
  });

  it('is compared without regard to case, a final dot and the form of an address', () => {
    expect(judgeDnsAnswer({ served: ['lb.clb.test'], known: [] }, { values: ['LB.clb.test.'] })).toBe(
      'current',
    );
    expect(judgeDnsAnswer({ served: ['2001:db8::1'], known: [] }, { values: ['2001:DB8:0::1'] })).toBe(
      'current',
    );
  });
});

it('counts the answers of all vantage points that are up to date', () => {
  const names = [
    {
      name: 'flash.example.co.id',
      connectionId: 'test',
      type: 'A' as const,
      ttlS: 60,
      served: [wanted],
      known: [old, wanted],
    },
  ];
  const reports = [
    report('own', 'a', [answer([wanted], 100)]),
    report('resolver', 'b', [answer([old], 100)]),
    report('agent', 'c', [answer(null, 100)]),
    report('agent', 'd', [answer([old], -100)]),
    report('agent', 'e', [{ ...answer([old], 100), name: 'other.example.co.id' }]),
  ];
  const point = countAnswers(names, reports, new Date(at(110)));
  expect(point).toEqual({ at: at(110), current: 1, stale: 1, other: 0, silent: 1 });
  expect(getConvergence(point)).toBe(50);
  expect(getConvergence({ current: 29, stale: 71, other: 0 })).toBe(29);
  expect(getConvergence({ current: 0, stale: 0, other: 0 })).toBeNull();
});

it('has a share between 0 and 100 that grows with each answer that becomes current', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (current, stale, other) => {
      const share = getConvergence({ current, stale, other });
      if (share === null) return current + stale + other === 0;
      const next = stale === 0 ? share : getConvergence({ current: current + 1, stale: stale - 1, other });
      return share >= 0 && share <= 100 && (next ?? 0) >= share;
    }),
  );
});

describe('vantage points are asked', () => {
  const plan = planned(testSwitch(), [testRecord(12, 'flash', old)]);
  const [divert] = moves(plan.steps);
  invariant(divert !== undefined, 'the Switch moves its name');
  const begun: RunEvent = { type: 'started', actor: 'sari', attempt: 1, at: at(0), direction: 'apply' };
  const ended: RunEvent = { type: 'finished', result: 'done', at: at(100), direction: 'apply' };
  const asks = (events: readonly RunEvent[], s: number) => {
    const run = record(plan, events);
    return isConverging(run, listConvergingNames(run), new Date(at(s)));
  };

  it('from the first change of DNS until cached answers have expired', () => {
    const ttlS = Math.max(
      ...listConvergingNames(record(plan, [accepted(divert, 1)])).map((name) => name.ttlS),
    );
    expect(asks([begun], 5)).toBe(false);
    expect(asks([begun, accepted(divert, 1)], 5000)).toBe(true);
    const whole = [begun, accepted(divert, 1), ended];
    expect(asks(whole, 100 + Math.max(60, 2 * ttlS) - 1)).toBe(true);
    expect(asks(whole, 100 + Math.max(60, 2 * ttlS))).toBe(false);
  });

  it('after a rollback for the TTL as well, unless the rollback has waited for it', () => {
    const [back] = moves(plan.rollback);
    invariant(back !== undefined, 'the rollback moves the name');
    const rolledBack: RunEvent = {
      type: 'finished',
      result: 'rolledBack',
      at: at(200),
      direction: 'rollback',
    };
    const events = [begun, accepted(divert, 1), accepted(back, 150, 'rollback'), rolledBack];
    const asksWith = (rollback: Plan['rollback'], s: number) => {
      const run = record({ ...plan, rollback }, events);
      return isConverging(run, listConvergingNames(run), new Date(at(s)));
    };
    const other = plan.rollback.filter(({ kind }) => kind !== 'drain');
    const drain: Step = {
      id: StepId.parse('s99'),
      phase: 'drain',
      kind: 'drain',
      oldTtlS: 600,
      keepAliveS: 75,
      needs: [],
      forecastMs: 675_000,
    };
    expect(asksWith([...other, drain], 200 + 60)).toBe(false);
    expect(asksWith(other, 200 + 60)).toBe(true);
  });
});

it('reports the time from which on a share was current, not that of a count with few of the answers', () => {
  const plan = planned(testSwitch(), [testRecord(12, 'flash', old)]);
  const [divert] = moves(plan.steps);
  invariant(divert !== undefined, 'the Switch moves its name');
  const count = (s: number, current: number, stale: number): ConvergencePoint => ({
    current,
    stale,
    other: 0,
    silent: 0,
    at: at(s),
  });
  const run = record(plan, [accepted(divert, 6)]);
  const points = [count(20, 1, 0), count(30, 1, 3), count(60, 2, 2), count(90, 4, 0), count(95, 0, 0)];
  const [found] = listConvergences(run, points);
  expect(found?.reachedMs).toEqual({ 50: 54_000, 90: 84_000, 99: 84_000, 100: 84_000 });
  const [fallen] = listConvergences(run, [...points, count(100, 3, 1)]);
  expect(fallen?.reachedMs).toEqual({ 50: 54_000, 90: null, 99: null, 100: null });
  expect(getLastConvergence([...points, count(100, 3, 1), count(110, 0, 0)])).toBe(75);
  expect(getLastConvergence([count(110, 0, 0)])).toBeNull();
});

it('reports when shares of the answers were current, from the last change of DNS in each direction', () => {
  const plan = planned(testSwitch(), [testRecord(12, 'flash', old)]);
  const [divert] = moves(plan.steps);
  const [back] = moves(plan.rollback);
  if (divert === undefined || back === undefined) throw new Error('the Switch moves its name');
  const run = record(plan, [accepted(divert, 0), accepted(back, 100, 'rollback')]);
  const point = (s: number, current: number): ConvergencePoint => ({
    current,
    stale: 10 - current,
    other: 0,
    silent: 0,
    at: at(s),
  });
  const points = [point(5, 2), point(10, 5), point(20, 9), point(105, 4), point(130, 10)];
  expect(listConvergences(run, points)).toEqual([
    { direction: 'apply', at: at(0), reachedMs: { 50: 10_000, 90: 20_000, 99: null, 100: null } },
    { direction: 'rollback', at: at(100), reachedMs: { 50: 30_000, 90: 30_000, 99: 30_000, 100: 30_000 } },
  ]);
});
