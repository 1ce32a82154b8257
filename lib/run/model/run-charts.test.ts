import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { type Plan, PlanId, type Step, StepId } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch, testWaves } from '@/testing/plan/test-estate';
import type { RunRecord } from './fold-run';
import type { RunEvent, Sample } from './model';
import {
  downsample,
  getMeasuredShare,
  listMarks,
  listShares,
  mergeProbePoints,
  pointsMax,
  toProbePoint,
} from './run-charts';
import { RunId } from './run-id';

const at = (s: number) => new Date(Date.UTC(2026, 11, 12, 0, 0, s)).toISOString();

function rampPlan(toward: 'cvm' | 'function' = 'function'): Plan {
  const address = toward === 'function' ? '127.77.1.1' : '127.77.1.2';
  const estate = testEstate({ records: [testRecord(12, 'flash', address)] });
  const diversion = testSwitch({ ramp: [10, 100], toward });
  return createTestPlan({ estate, diversion });
}
const record = (plan: Plan, events: readonly RunEvent[], change: Partial<RunRecord> = {}): RunRecord => ({
  id: RunId.parse('R-1'),
  planId: PlanId.parse('P-1'),
  plan,
  cutover: null,
  guards: [],
  connectionKind: 'sandbox',
  attempts: [],
  events,
  ...change,
});
const done = (step: Step, s: number, direction: 'apply' | 'rollback' = 'apply'): RunEvent => ({
  type: 'stepDone',
  stepId: step.id,
  outcome: 'applied',
  requestId: null,
  durationMs: 0,
  at: at(s),
  direction,
});
const divert = ({ steps }: Plan) => steps.filter((step) => step.kind === 'write' && step.phase === 'divert');

describe('downsampling', () => {
  it('returns at most the requested number of points, in order, and preserves the sums', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { maxLength: 2000 }),
        fc.integer({ min: 1, max: 300 }),
        (values, max) => {
          const merged = downsample(
            values.map((value, place) => ({ value, place })),
            (all) => ({
              value: all.reduce((sum, { value }) => sum + value, 0),
              place: all.at(-1)?.place ?? -1,
            }),
            max,
          );
          expect(merged.length).toBeLessThanOrEqual(max);
          const sum = (all: readonly number[]) => all.reduce((total, value) => total + value, 0);
          expect(sum(merged.map(({ value }) => value))).toBe(sum(values));
          const places = merged.map(({ place }) => place);
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          if (values.length > 0) expect(places.at(-1)).toBe(values.length - 1);
        },
      ),
    );
  });

  it('keeps every failure and the slowest probe of many rounds', () => {
    const round = (s: number, passed: boolean, latencyMs: number): Sample => ({
      at: at(s),
      measures: {},
      probes: [{ stepId: StepId.parse('s1'), passed, latencyMs, status: '200', failure: null }],
    });
    const rounds = Array.from({ length: 1000 }, (_, n) => round(n * 5, n !== 500, n === 3 ? 900 : 5));
    const points = mergeProbePoints(rounds.toReversed().map(toProbePoint), []);
    expect(points.length).toBeLessThanOrEqual(pointsMax);
    expect(points.reduce((sum, { sent }) => sum + sent, 0)).toBe(1000);
    expect(points.filter(({ failed }) => failed > 0)).toHaveLength(1);
    expect(Math.max(...points.map(({ slowestMs }) => slowestMs ?? 0))).toBe(900);
    expect(points.at(-1)?.at).toBe(at(999 * 5));
    expect(mergeProbePoints([toProbePoint({ at: at(0), measures: {}, probes: [] })], [])).toEqual([
      { at: at(0), sent: 0, failed: 0, slowestMs: null },
    ]);
  });
});

describe('the intended share of the function', () => {
  it('follows the writes of a ramp, and is the original share after the first write of the rollback', () => {
    const plan = rampPlan();
    const moves = divert(plan);
    const bakeAt = plan.steps.findIndex(({ kind }) => kind === 'bake');
    const first = moves.filter((step) => plan.steps.indexOf(step) < bakeAt);
    const rest = moves.filter((step) => plan.steps.indexOf(step) > bakeAt);
    const begun = first.map((step, n) => done(step, 10 + n));
    const shares = (events: readonly RunEvent[]) => listShares(record(plan, events), at(0));
    const unknown = { at: at(0), functionShare: null };
    const ten = { at: at(9 + first.length), functionShare: 10 };
    expect(shares([])).toEqual([unknown]);
    expect(shares(begun)).toEqual([unknown, ten]);
    const moved = [...begun, ...rest.map((step) => done(step, 60))];
    expect(shares(moved)).toEqual([unknown, ten, { at: at(60), functionShare: 100 }]);
    const back = plan.rollback.find(({ kind, phase }) => kind === 'write' && phase === 'rollback');
    invariant(back !== undefined, 'a rollback moves DNS');
    expect(shares([...moved, done(back, 90, 'rollback')]).at(-1)).toEqual({
      at: at(90),
      functionShare: null,
    });
  });
});

it('shows the remaining share of the function when traffic moves to CVM', () => {
  const plan = rampPlan('cvm');
  const shares = listShares(
    record(
      plan,
      divert(plan).map((step) => done(step, 60)),
    ),
    at(0),
  );
  expect(shares.map(({ functionShare }) => functionShare)).toEqual([null, 90, 0]);
});

it('is that of all requests that a Split moves, from its last write to its rollback', () => {
  const plan = createTestPlan();
  const moves = divert(plan).map((step) => done(step, 60));
  const all = { at: at(60), functionShare: 100 };
  expect(listShares(record(plan, []), at(0))).toEqual([{ at: at(0), functionShare: null }]);
  expect(listShares(record(plan, moves), at(0))).toEqual([{ at: at(0), functionShare: null }, all]);
  const back = plan.rollback.find(({ kind, phase }) => kind === 'write' && phase === 'rollback');
  invariant(back !== undefined, 'a rollback moves DNS');
  const undone = listShares(record(plan, [...moves, done(back, 90, 'rollback')]), at(0));
  expect(undone.slice(1)).toEqual([all, { at: at(90), functionShare: null }]);
  const restored = listShares(record({ ...plan, restores: [] }, moves), at(0));
  expect(restored.map(({ functionShare }) => functionShare)).toEqual([null, null]);
});

it('is that of the ramp after the last wave, unless some names have moved before with another share', () => {
  const hosts = ['shop', 'flash'];
  const plan = (...addresses: readonly string[]) => {
    const records = hosts.map((host, n) => testRecord(11 + n, host, addresses[n] ?? ''));
    const waves = testWaves(hosts.map((host) => [`${host}.example.co.id`]));
    const diversion = { ...waves, ramp: [{ percent: 50, bakeS: 0 }] };
    return createTestPlan({ estate: testEstate({ records }), diversion });
  };
  const shares = (of: Plan) => {
    const moves = divert(of).map((step, n) => done(step, 10 + n));
    return listShares(record(of, moves), at(0)).map(({ functionShare }) => functionShare);
  };
  expect(shares(plan('127.77.1.1', '127.77.1.1'))).toEqual([null, null, 50]);
  expect(shares(plan('127.77.1.2', '127.77.1.1'))).toEqual([null, null]);
});

it('marks the start, each bake, the hold, the rollback and the end, and of a schedule T0 and T1', () => {
  const stepId = StepId.parse('s1');
  const stamp = (s: number) => ({ at: at(s), direction: 'apply' }) as const;
  const events: readonly RunEvent[] = [
    { type: 'started', actor: 'sari', attempt: 1, ...stamp(1) },
    { type: 'passed', gate: 'T0', latenessMs: 0, ...stamp(2) },
    { type: 'baking', stepId, until: at(5), ...stamp(3) },
    { type: 'stopped', stepId: null, reason: { kind: 'internal', message: '' }, ...stamp(4) },
    { type: 'rollback', why: { kind: 'T1' }, at: at(5), direction: 'rollback' },
    { type: 'finished', result: 'rolledBack', at: at(6), direction: 'rollback' },
  ];
  const kinds = (run: RunRecord) => listMarks(run).map(({ kind }) => kind);
  const plan = rampPlan();
  expect(kinds(record(plan, events))).toEqual(['apply', 'T0', 'bake', 'stopped', 'rollback', 'end']);
  const cutover = {
    t0: at(2),
    t1: at(9),
    prewarmS: 0,
    zone: 'UTC',
    missedT0: { kind: 'skip' },
    guards: [],
  } satisfies RunRecord['cutover'];
  expect(kinds(record(plan, events, { cutover }))).toEqual([
    'T0',
    'bake',
    'stopped',
    'rollback',
    'end',
    'T1',
  ]);
});

it.each([
  [10, 30, 75],
  [10, 'none', 0],
  ['none', 30, 100],
  [0, 0, null],
  [null, 30, null],
] as const)('measures the share of the function at %s and %s requests per second', (cvm, fn, share) => {
  expect(getMeasuredShare({ cvm, function: fn })).toBe(share);
});
