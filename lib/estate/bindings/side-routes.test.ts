import { expect, it } from 'vitest';
import { testEstate, testLoadBalancer, testRule } from '@/testing/plan/test-estate';
import { areSidesWhole, listSideRoutes } from './side-routes';

const base = testEstate();
const flash = 'flash.example.co.id';
const fn = {
  namespace: 'default',
  name: 'sale',
  qualifier: '1',
  qualifierType: 'VERSION',
  weight: 10,
} as const;
const [cvmRule] = base.rules.filter(({ targets }) => targets.length > 0);
const targets = cvmRule?.targets ?? [];
const estateWith = (...rules: readonly object[]) =>
  testEstate({ loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf')], rules });
const find = (names: readonly string[], ...rules: readonly object[]) => {
  const sides = listSideRoutes(estateWith(...rules), names);
  const urls = (routes: typeof sides.cvm) =>
    routes.map(({ loadBalancerId, url }) => `${loadBalancerId}${url}`);
  return { cvm: urls(sides.cvm), function: urls(sides.function) };
};
const onCvm = (id: string, domain: string, change: object = {}) =>
  testRule(id, 'lb-cvm', domain, { targets, ...change });
const onFunction = (id: string, domain: string, change: object = {}) =>
  testRule(id, 'lb-scf', domain, { functions: [fn], ...change });

it('sorts the rules of a name by backend, independently of DNS', () => {
  expect(find([flash], onCvm('a', flash), onFunction('b', flash), onCvm('c', 'shop.example.co.id'))).toEqual({
    cvm: ['lb-cvm/'],
    function: ['lb-scf/'],
  });
});

it('distinguishes paths of one domain', () => {
  const promo = testRule('b', 'lb-cvm', flash, { functions: [fn], url: '/promo' });
  expect(find([flash], onCvm('a', flash), promo)).toEqual({ cvm: ['lb-cvm/'], function: ['lb-cvm/promo'] });
});

it('includes wildcards that serve the name, and each rule once for several names', () => {
  const wildcard = onFunction('a', '*.example.co.id');
  expect(find([flash, 'shop.example.co.id'], wildcard)).toEqual({ cvm: [], function: ['lb-scf/'] });
});

it('excludes the default domain of another name, and rules without a backend', () => {
  const other = onCvm('a', 'other.example.co.id', { isDefault: true });
  const empty = testRule('b', 'lb-scf', flash);
  expect(find([flash], other, empty)).toEqual({ cvm: [], function: [] });
});

it('are whole unless a load balancer has both kinds of backend for a name, or lacks paths of another one', () => {
  const isWhole = (...rules: readonly object[]) => areSidesWhole(estateWith(...rules), [flash]);
  const [all, api] = [{ url: '/' }, { url: '/api' }];
  expect(isWhole(onCvm('a', flash, all), onFunction('b', flash, all))).toBe(true);
  expect(isWhole(onCvm('a', flash, all), onCvm('c', flash, api), onFunction('b', flash, all))).toBe(true);
  expect(isWhole(onCvm('a', flash, api), onFunction('b', flash, api))).toBe(true);
  const images = testRule('c', 'lb-scf', flash, { targets, url: '/images' });
  expect(isWhole(onCvm('a', flash, all), onFunction('b', flash, all), images)).toBe(false);
  expect(isWhole(onCvm('a', flash, all), onCvm('c', flash, api), onFunction('b', flash, api))).toBe(false);
  // Another name may have its sides the other way round.
  const other = 'other.example.co.id';
  const both = [onCvm('a', flash), onFunction('b', flash), testRule('c', 'lb-scf', other, { targets })];
  expect(areSidesWhole(estateWith(...both), [flash, other])).toBe(true);
});
