import { expect, it } from 'vitest';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRule, testSplit, testSwitch, testTarget } from '@/testing/plan/test-estate';

const bound = (...weights: readonly number[]) => ({
  targets: weights.map((weight, n) => testTarget({ port: 8080 + n, weight })),
});

function found(target: object, diversion: Parameters<typeof preflight>[0]['diversion']) {
  const rules = ['shop', 'flash'].map((name) =>
    testRule(`loc-${name}`, 'lb-cvm', `${name}.example.co.id`, target),
  );
  return preflight({ estate: testEstate({ rules }), diversion }).filter(
    ({ check }) => check === 'target-weight',
  );
}

const toServers = testSwitch({ toward: 'cvm' });
const adds = (weight: number, port = 9000) =>
  testSplit({}, { addTargets: [{ instanceId: 'ins-1', port, weight }] });

it('blocks a plan with only zero-weight targets', () => {
  expect(found(bound(0, 0), toServers)).toMatchObject([
    { status: 'block', why: 'target-weight.none', field: 'routes.0.addTargets', objects: ['ins-1', 'ins-1'] },
  ]);
  expect(found(bound(0), adds(0))).toMatchObject([{ status: 'block' }]);
});

it('passes if one of them has a weight, existing or added', () => {
  expect(found(bound(0, 1), toServers)).toMatchObject([{ status: 'pass', values: { count: 1, all: 2 } }]);
  expect(found(bound(0), adds(10))).toMatchObject([{ status: 'pass', values: { count: 1, all: 2 } }]);
});

it('uses the weight of an already bound target, which the plan keeps', () => {
  expect(found(bound(0), adds(10, 8080))).toMatchObject([{ status: 'warn', values: { all: 1 } }]);
});

it('never blocks a Switch away from such a side, and reports it for a side that stays', () => {
  expect(found(bound(0), testSwitch())).toMatchObject([{ status: 'warn' }]);
  expect(found(bound(0), testSplit())).toMatchObject([{ status: 'warn' }]);
});
