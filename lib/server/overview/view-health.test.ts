import { expect, it } from 'vitest';
import type { Rule, Target } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { testEstate } from '@/testing/plan/test-estate';
import { viewHealth } from './view-health';

const estate = testEstate();
const rule = estate.rules.find(({ targets }) => targets.length > 0);
invariant(rule !== undefined, 'the test estate has a rule with targets');
const [target] = rule.targets;
invariant(target !== undefined, 'it has a target');
const withHealth = (...states: readonly Target['health'][]): Target[] =>
  states.map((health) => ({ ...target, health }));
const ruleOf = (id: string, ...states: readonly Target['health'][]): Rule => ({
  ...rule,
  id: id as Rule['id'],
  url: `/${id}`,
  targets: withHealth(...states),
});

it('counts targets by the result of their check; unread ones are neither healthy nor failing', () => {
  const { targets } = viewHealth({
    ...estate,
    listeners: [],
    rules: [ruleOf('a', 'alive', 'alive', 'dead'), ruleOf('b', 'unknown', 'off', null)],
  });
  expect(targets).toEqual({ alive: 2, dead: 1, unknown: 1, unchecked: 1, unread: 1 });
});

it('lists rules and listeners with failing targets, the worst first', () => {
  const [listener] = estate.listeners;
  invariant(listener !== undefined, 'the test estate has a listener');
  const { failing, failingTotal } = viewHealth({
    ...estate,
    listeners: [{ ...listener, targets: withHealth('dead', 'dead', 'alive') }],
    rules: [
      ruleOf('fine', 'alive'),
      ruleOf('half', 'dead', 'alive'),
      ruleOf('gone', 'dead'),
      ...['c', 'd', 'e'].map((id) => ruleOf(id, 'dead', 'alive', 'alive', 'alive')),
    ],
  });
  expect(failing.map(({ node, dead, all }) => [node, dead, all])).toEqual([
    ['ru:gone', 1, 1],
    [`ls:${listener.id}`, 2, 3],
    ['ru:half', 1, 2],
    ['ru:c', 1, 4],
    ['ru:d', 1, 4],
  ]);
  expect(failingTotal).toBe(6);
  expect(failing[0]?.name).toMatch(/^shop\.example\.co\.id\/gone \(lb-cvm HTTP:80\)$/);
});

it('lists functions that are not ready, and load balancers that serve nothing', () => {
  const [fn] = estate.functions;
  const [balancer] = estate.loadBalancers;
  invariant(fn !== undefined && balancer !== undefined, 'the test estate has both');
  const functions = [
    { ...fn, name: 'ready', status: 'Active', availableStatus: 'Available' },
    { ...fn, name: 'unread', status: 'Active', availableStatus: null },
    { ...fn, name: 'broke', status: 'Active', availableStatus: 'Insufficient' },
    { ...fn, name: 'building', status: 'Creating' },
  ];
  const loadBalancers = [
    { ...balancer, name: 'up' },
    { ...balancer, name: 'off', stopped: true },
    { ...balancer, name: 'blocked', blocked: true },
  ];
  expect(viewHealth({ ...estate, functions, loadBalancers })).toMatchObject({
    functions: { ready: 2, notReady: [`${fn.namespace}/broke`, `${fn.namespace}/building`] },
    balancersDown: ['off', 'blocked'],
  });
});

it('has the time of the newest health data', () => {
  expect(viewHealth(estate).readAt).toBe(estate.takenAt);
  const partsAt = '2026-12-12T00:00:00.000Z';
  expect(viewHealth({ ...estate, partsAt }).readAt).toBe(partsAt);
});
