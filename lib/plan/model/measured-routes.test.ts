import { describe, expect, it } from 'vitest';
import { AccessDiversion } from '@/lib/diversion/diversion';
import { listMovedRoutes } from '@/lib/estate/bindings/side-routes';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import {
  testEstate,
  testFunctionRoute,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { measuredRoutes, movedRequests } from './measured-routes';

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
  const moved = createTestPlan({ estate, diversion: testSwitch() });
  expect(measuredRoutes(moved).map(({ domain, functions }) => [domain, functions.length])).toEqual([
    ['flash.example.co.id', 1],
  ]);
});

it('returns the CVM rule without functions for a Switch to CVM', () => {
  const moved = createTestPlan({ diversion: testSwitch({ toward: 'cvm' }) });
  expect(measuredRoutes(moved)).toMatchObject([{ loadBalancerId: 'lb-cvm', functions: [] }]);
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

describe('the requests that a plan moves', () => {
  const flash = 'flash.example.co.id';
  const other = 'flash.elsewhere.example';
  const targets = [testTarget()];
  const bound = { namespace: 'flash', name: 'storefront', qualifier: '1', qualifierType: null, weight: 10 };
  const loadBalancers = [
    testLoadBalancer('lb-cvm'),
    testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] }),
    testLoadBalancer('lb-two', { vips: ['127.77.1.3'], ipv6: '2001:db8::1' }),
  ];
  const listeners = [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-two')];
  const rules = [
    testRule('c', 'lb-cvm', flash, { targets }),
    testRule('t', 'lb-two', flash, { targets }),
    testRule('o', 'lb-cvm', other, { targets }),
  ];
  const own = testRecord(12, 'flash', '127.77.1.1');
  const second = testRecord(13, 'flash', '127.77.1.3');
  /** Returns the places of both sides once a plan has been applied, with the records of before in the snapshot. */
  const findMoved = (change: object, ...routes: readonly object[]) => {
    const estate = testEstate({ loadBalancers, listeners, rules, records: [own], ...change });
    const diversion = AccessDiversion.parse({
      kind: 'access',
      name: 'sale',
      routes: routes.map((route) => testFunctionRoute(route)),
    });
    const result = createTestPlan({ estate, diversion });
    const moved = movedRequests(result);
    invariant(moved, 'an Access moves requests');
    const isOwn = ({ listenerId, domain }: { readonly listenerId: string; readonly domain: string }) =>
      moved.rules.some((each) => each.listenerId === listenerId && each.domain === domain);
    const written = moved.rules.map(({ listenerId, domain }, n) =>
      testRule(`f${n}`, listenerId.replace('lbl-', ''), domain, { functions: [bound] }),
    );
    const after = testEstate({
      ...estate,
      rules: [...estate.rules.filter((rule) => !isOwn(rule)), ...written],
    });
    const sides = listMovedRoutes(after, moved);
    const ids = (side: 'cvm' | 'function') => sides?.[side].map(({ loadBalancerId }) => loadBalancerId);
    return sides === null ? null : { cvm: ids('cvm'), function: ids('function') };
  };
  const swap = { loadBalancerId: 'lb-cvm', listenerId: 'lbl-lb-cvm', rule: { kind: 'swap', ruleId: 'c' } };

  it('are those that its records led to other load balancers', () => {
    expect(findMoved({}, {})).toEqual({ cvm: ['lb-cvm'], function: ['lb-scf'] });
    expect(findMoved({ records: [own, second] }, {})).toEqual({
      cvm: ['lb-cvm', 'lb-two'],
      function: ['lb-scf'],
    });
  });

  it('are those of the load balancer itself in place, and of another one that it replaces', () => {
    expect(findMoved({}, swap)).toEqual({ cvm: [], function: ['lb-cvm'] });
    expect(findMoved({ records: [own, second] }, swap)).toEqual({ cvm: ['lb-two'], function: ['lb-cvm'] });
  });

  it('are unknown if the other address family stays elsewhere', () => {
    const six = testRecord(13, 'flash', '2001:db8::1', { type: 'AAAA' });
    expect(findMoved({ records: [own, six] }, {})).toBeNull();
  });

  it('are unknown if DNS of one of its names is elsewhere', () => {
    expect(findMoved({}, {}, { domain: other })).toBeNull();
    expect(findMoved({ zones: [], records: [] }, swap)).toBeNull();
  });

  it('are unknown if a wildcard answered one of its names', () => {
    const wildcard = testRecord(12, '*', '127.77.1.1', { ttlS: 3600 });
    const byOther = testRule('s', 'lb-cvm', 'shop.example.co.id', { targets, isDefault: true });
    expect(findMoved({ records: [wildcard], rules: [...rules, byOther] }, {})).toBeNull();
    expect(findMoved({ records: [], rules: [...rules, byOther] }, {})).toEqual({
      cvm: [],
      function: ['lb-scf'],
    });
  });
});
