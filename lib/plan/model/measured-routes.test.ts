import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { testEstate, testFunctionRoute, testRule, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { measuredRoutes } from './measured-routes';

const planned = planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
invariant(planned.ok, 'the test estate can be planned');
const { value: plan } = planned;

it('returns the destination of traffic, with its final function', () => {
  const { loadBalancerId, listenerId, domain, function: fn } = testFunctionRoute();
  expect(measuredRoutes(plan)).toEqual([
    {
      region: 'ap-singapore',
      loadBalancerId,
      listenerId,
      domain,
      url: '/',
      functions: [expect.objectContaining({ name: fn.name, namespace: fn.namespace })],
    },
  ]);
});

it('returns it also if the plan changes only DNS', () => {
  const bound = { namespace: 'flash', name: 'storefront', qualifier: '1', qualifierType: null, weight: 10 };
  const own = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [bound] });
  const estate = testEstate({ rules: [...testEstate().rules, own] });
  const moved = planDiversion({ estate, diversion: testSwitch(), keepAliveS: 75 });
  invariant(moved.ok, 'the test estate can be planned');
  expect(measuredRoutes(moved.value).map(({ domain, functions }) => [domain, functions.length])).toEqual([
    ['flash.example.co.id', 1],
  ]);
});

it('returns the CVM rule without functions for a Switch to CVM', () => {
  const moved = planDiversion({
    estate: testEstate(),
    diversion: testSwitch({ toward: 'cvm' }),
    keepAliveS: 75,
  });
  invariant(moved.ok, 'the test estate can be planned');
  expect(measuredRoutes(moved.value)).toMatchObject([{ loadBalancerId: 'lb-cvm', functions: [] }]);
});

it('returns the final written rules for a plan without routes', () => {
  const { steps } = plan;
  expect(measuredRoutes({ steps })).toEqual(measuredRoutes(plan));
  const withoutBinding = steps.filter(
    (step) => step.kind !== 'write' || step.call.action !== 'RegisterFunctionTargets',
  );
  expect(withoutBinding.length).toBe(steps.length - 1);
  expect(measuredRoutes({ steps: withoutBinding })).toEqual([]);
});
