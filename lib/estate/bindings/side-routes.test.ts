import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleServing } from '@/lib/estate/match-rule';
import { testEstate, testListener, testLoadBalancer, testRule } from '@/testing/plan/test-estate';
import { areSidesWhole, listMovedRoutes, listSideRoutes, type MovedRequests } from './side-routes';

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

describe('the rules that take the requests that a diversion moves', () => {
  const listeners = [
    testListener('lb-cvm'),
    testListener('lb-scf'),
    testListener('lb-cvm', { id: 'lbl-cvm-tls', protocol: 'HTTPS', port: 443 }),
    testListener('lb-scf', { id: 'lbl-scf-tls', protocol: 'HTTPS', port: 443 }),
  ];
  const balancers = [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] })];
  const estateFrom = (rules: readonly object[]) => testEstate({ loadBalancers: balancers, listeners, rules });
  const moving = (url: string, at = 'lbl-lb-scf', before: MovedRequests['before'] = []) => ({
    rules: estateFrom([onFunction('b', flash, { url, listenerId: at })]).rules,
    before,
  });
  const findMoved = (requests: MovedRequests, ...rules: readonly object[]) => {
    const sides = listMovedRoutes(estateFrom(rules), requests);
    const places = (side: 'cvm' | 'function') =>
      sides?.[side].map(({ loadBalancerId, domain, url }) => `${loadBalancerId} ${domain}${url}`);
    return sides === null ? null : { cvm: places('cvm'), function: places('function') };
  };
  const shop = 'shop.example.co.id';
  const [toCvm, toFunction] = [`lb-cvm ${flash}`, `lb-scf ${flash}`];

  it('are those of its routes, and those that took them before, without other names and paths', () => {
    const rules = [onCvm('a', flash), onFunction('b', flash), onCvm('c', shop), onFunction('d', shop)];
    expect(findMoved(moving('/'), ...rules)).toEqual({ cvm: [`${toCvm}/`], function: [`${toFunction}/`] });
    const api = [
      onCvm('a', flash, { url: '/api' }),
      onCvm('c', flash),
      onFunction('b', flash, { url: '/api' }),
    ];
    expect(findMoved(moving('/api'), ...api)).toEqual({
      cvm: [`${toCvm}/api`],
      function: [`${toFunction}/api`],
    });
    // All paths move, whichever rule takes them before.
    expect(findMoved(moving('/'), ...api.slice(0, 2), onFunction('b', flash))).toEqual({
      cvm: [`${toCvm}/`, `${toCvm}/api`],
      function: [`${toFunction}/`],
    });
  });

  it('do not include the rule for / on the listener of a path that moves', () => {
    const own = [onCvm('a', flash), testRule('b', 'lb-cvm', flash, { functions: [fn], url: '/api' })];
    expect(findMoved(moving('/api', 'lbl-lb-cvm'), ...own)).toEqual({ cvm: [], function: [`${toCvm}/api`] });
  });

  it('are unknown where a rule takes other requests, too', () => {
    const api = onFunction('b', flash, { url: '/api' });
    expect(findMoved(moving('/api'), onCvm('a', flash), api)).toBeNull();
    const exact = onFunction('b', flash, { url: '= /api' });
    expect(findMoved(moving('= /api'), onCvm('a', flash, { url: '/api' }), exact)).toBeNull();
    const several = onCvm('a', flash, { domains: [flash, shop] });
    expect(findMoved(moving('/'), several, onFunction('b', flash))).toBeNull();
    expect(findMoved(moving('/'), onCvm('a', '*.example.co.id'), onFunction('b', flash))).toBeNull();
    const images = testRule('c', 'lb-scf', flash, { targets, url: '/images' });
    expect(findMoved(moving('/'), onCvm('a', flash), onFunction('b', flash), images)).toBeNull();
    const own = onFunction('b', '*.example.co.id');
    const requests = { rules: estateFrom([own]).rules, before: [] };
    expect(findMoved(requests, own)).toBeNull();
    expect(findMoved(moving('/'), onCvm('a', flash))).toBeNull();
  });

  it('are known with an expression only where it makes no difference, or where both sides have it', () => {
    const jpg = { url: '~* [.]jpg$' };
    const here = onCvm('c', flash, jpg);
    expect(findMoved(moving('/'), onCvm('a', flash), here, onFunction('b', flash))?.cvm).toHaveLength(2);
    const there = testRule('d', 'lb-scf', flash, { ...jpg, targets });
    expect(findMoved(moving('/'), onCvm('a', flash), onFunction('b', flash), there)).toBeNull();
    const both = [onCvm('a', flash), here, onFunction('b', flash), there];
    expect(findMoved(moving('/'), ...both)?.cvm).toEqual([`${toCvm}/`]);
    const many = Array.from({ length: 9 }, (_, n) => onCvm(`e${n}`, flash, { url: `~ ^/${n}` }));
    expect(findMoved(moving('/'), ...many, onFunction('b', flash))).toBeNull();
  });

  it('do not include a port that its load balancer still serves by CVM targets', () => {
    const tls = { listenerId: 'lbl-scf-tls' };
    const own = onFunction('b', flash, tls);
    const clear = onCvm('a', flash);
    const secure = onCvm('c', flash, { listenerId: 'lbl-cvm-tls' });
    const requests = moving('/', 'lbl-scf-tls');
    expect(findMoved(requests, clear, secure, own)?.cvm).toHaveLength(2);
    const left = testRule('d', 'lb-scf', flash, { targets });
    expect(listMovedRoutes(estateFrom([clear, secure, own, left]), requests)?.cvm).toMatchObject([
      { listenerId: 'lbl-cvm-tls' },
    ]);
    const redirect = testRule('d', 'lb-scf', flash, { redirectsTo: 'b' });
    expect(findMoved(requests, clear, secure, own, redirect)?.cvm).toHaveLength(2);
  });

  it('are unknown if DNS led to something else before', () => {
    const from = (value: string, name = flash) => moving('/', 'lbl-lb-scf', [{ name, type: 'A', value }]);
    const rules = [onCvm('a', flash), onFunction('b', flash)];
    expect(findMoved(from('127.77.1.1'), ...rules)).not.toBeNull();
    expect(findMoved(from('127.77.1.2'), ...rules)).not.toBeNull();
    expect(findMoved(from('203.0.113.9'), ...rules)).toBeNull();
    expect(findMoved(from('203.0.113.9', shop), ...rules)).not.toBeNull();
    const byDefault = onCvm('a', shop, { isDefault: true });
    expect(findMoved(from('127.77.1.1'), byDefault, onFunction('b', flash))).toBeNull();
  });

  it('become those of functions when they change in place', () => {
    const rule = (change: object) => testRule('a', 'lb-cvm', flash, change);
    const requests = moving('/', 'lbl-lb-cvm');
    expect(findMoved(requests, rule({ targets }))).toEqual({ cvm: [`${toCvm}/`], function: [] });
    expect(findMoved(requests, rule({ functions: [fn] }))).toEqual({ cvm: [], function: [`${toCvm}/`] });
  });

  it('take every path that moves and no other, or are unknown', () => {
    const urls = ['/', '/a', '/a/b', '^~ /a', '= /a', '= /a/b', '/c'];
    const paths = ['/', '/a', '/ab', '/a/b', '/a/b/c', '/c', '/cd', '/x'];
    const table = fc.uniqueArray(fc.constantFrom(...urls), { minLength: 1 });
    let known = 0;
    fc.assert(
      fc.property(table, table, fc.nat(6), (before, after, nth) => {
        const url = after[nth % after.length] ?? '/';
        const there = after.map((each, n) =>
          testRule(
            `f${n}`,
            'lb-scf',
            flash,
            each === url ? { url, functions: [fn] } : { url: each, targets },
          ),
        );
        const estate = estateFrom([
          ...before.map((each, n) => onCvm(`c${n}`, flash, { url: each })),
          ...there,
        ]);
        const sides = listMovedRoutes(estate, moving(url));
        if (sides === null) return;
        known += 1;
        const at = (id: string, path: string) =>
          ruleServing(
            estate.rules.filter(({ loadBalancerId }) => loadBalancerId === id),
            flash,
            path,
          ).rule?.url;
        for (const path of paths) {
          const moves = at('lb-scf', path) === url;
          const taker = at('lb-cvm', path);
          if (taker !== undefined && at('lb-scf', path) !== undefined)
            expect(sides.cvm.some((route) => route.url === taker)).toBe(moves);
        }
      }),
      { numRuns: 300 },
    );
    expect(known).toBeGreaterThan(20);
  });
});
