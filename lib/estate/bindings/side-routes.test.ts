import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleServing } from '@/lib/estate/match-rule';
import { testEstate, testListener, testLoadBalancer, testRecord, testRule } from '@/testing/plan/test-estate';
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
  const records = [testRecord(1, 'flash', '127.77.1.1')];
  const estateFrom = (rules: readonly object[], change: object = {}) =>
    testEstate({ loadBalancers: balancers, listeners, records, rules, ...change });
  const toAddress = (...values: readonly string[]) => values.map((value) => ({ type: 'A', value }));
  /** The record of the name, moved from one load balancer to the other. */
  const movedRecord = {
    name: flash,
    lineId: '0',
    before: toAddress('127.77.1.1'),
    after: toAddress('127.77.1.2'),
  };
  const moving = (url: string, at = 'lbl-lb-scf', answers: MovedRequests['answers'] = [movedRecord]) => ({
    rules: estateFrom([onFunction('b', flash, { url, listenerId: at })]).rules,
    answers,
  });
  const inPlace = (url = '/') => moving(url, 'lbl-lb-cvm', []);
  const findMoved = (requests: MovedRequests, ...rules: readonly object[]) =>
    findMovedIn({}, requests, ...rules);
  const findMovedIn = (change: object, requests: MovedRequests, ...rules: readonly object[]) => {
    const sides = listMovedRoutes(estateFrom(rules, change), requests);
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
    expect(findMoved(inPlace('/api'), ...own)).toEqual({ cvm: [], function: [`${toCvm}/api`] });
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
    const requests = { ...moving('/'), rules: estateFrom([own]).rules };
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
    const from = (...values: readonly string[]) =>
      moving('/', 'lbl-lb-scf', [{ ...movedRecord, before: toAddress(...values) }]);
    const rules = [onCvm('a', flash), onFunction('b', flash)];
    expect(findMoved(from('127.77.1.1'), ...rules)).not.toBeNull();
    expect(findMovedIn({ records: [] }, from('127.77.1.2'), ...rules)?.cvm).toEqual([]);
    expect(findMoved(from('203.0.113.9'), ...rules)).toBeNull();
    expect(findMoved(from('127.77.1.1', '203.0.113.9'), ...rules)).toBeNull();
    const byDefault = onCvm('a', shop, { isDefault: true });
    expect(findMoved(from('127.77.1.1'), byDefault, onFunction('b', flash))).toBeNull();
    expect(findMoved(from('127.77.1.1'), onFunction('b', flash))).toBeNull();
  });

  it('are unknown if DNS leads to something else at the end', () => {
    const rules = [onCvm('a', flash), onFunction('b', flash)];
    const both = { ...movedRecord, after: toAddress('127.77.1.2', '127.77.1.1') };
    expect(findMoved(moving('/', 'lbl-lb-scf', [both]), ...rules)).toBeNull();
    const otherLine = testRecord(2, 'flash', '127.77.1.1', { lineId: '10=0' });
    expect(findMovedIn({ records: [...records, otherLine] }, moving('/'), ...rules)).toBeNull();
    const disabled = { ...otherLine, enabled: false };
    expect(findMovedIn({ records: [...records, disabled] }, moving('/'), ...rules)).not.toBeNull();
    const byOthers = [testRecord(1, 'flash', '203.0.113.9')];
    expect(findMovedIn({ records: byOthers }, moving('/'), ...rules)).toBeNull();
  });

  it('are unknown for a name without records, and for a new one that a wildcard answered', () => {
    const rules = [onCvm('a', flash), onFunction('b', flash)];
    expect(findMovedIn({ records: [] }, moving('/', 'lbl-lb-scf', []), ...rules)).toBeNull();
    const added = moving('/', 'lbl-lb-scf', [{ ...movedRecord, before: [] }]);
    expect(findMovedIn({ records: [] }, added, ...rules)).toEqual({ cvm: [], function: [`${toFunction}/`] });
    const wildcard = testRecord(2, '*', '127.77.1.9');
    expect(findMovedIn({ records: [wildcard] }, added, ...rules)).toBeNull();
    const elsewhere = testRecord(2, '*.eu', '127.77.1.9');
    expect(findMovedIn({ records: [elsewhere] }, added, ...rules)).not.toBeNull();
  });

  it('do not include a load balancer to which DNS led none of them', () => {
    const internal = {
      loadBalancers: [...balancers, testLoadBalancer('lb-int', { vips: ['10.0.0.9'] })],
      listeners: [...listeners, testListener('lb-int')],
    };
    const within = testRule('i', 'lb-int', flash, { targets });
    const rules = [onCvm('a', flash), onFunction('b', flash), within];
    expect(findMovedIn(internal, moving('/'), ...rules)?.cvm).toEqual([`${toCvm}/`]);
    const own = testRule('a', 'lb-cvm', flash, { functions: [fn] });
    expect(findMovedIn(internal, inPlace(), own, within)?.cvm).toEqual([]);
  });

  it('are unknown if other names lead to a default domain that takes them', () => {
    const rules = [onCvm('a', flash), onFunction('b', flash)];
    const withName = (value: string, type = 'A', name = 'legacy') => ({
      records: [...records, testRecord(2, name, value, { type })],
    });
    expect(findMovedIn(withName('127.77.1.1'), moving('/'), ...rules)).toBeNull();
    expect(findMovedIn(withName('127.77.1.2'), moving('/'), ...rules)).toBeNull();
    expect(findMovedIn(withName('127.77.1.2', 'A', '*'), moving('/'), ...rules)).toBeNull();
    expect(findMovedIn(withName(`${flash}.`, 'CNAME'), moving('/'), ...rules)).toBeNull();
    expect(findMovedIn(withName('127.77.1.9'), moving('/'), ...rules)).not.toBeNull();
    const byOther = onCvm('c', shop, { isDefault: true });
    expect(findMovedIn(withName('127.77.1.1'), moving('/'), ...rules, byOther)).not.toBeNull();
    const served = onCvm('c', 'legacy.example.co.id');
    expect(findMovedIn(withName('127.77.1.1'), moving('/'), ...rules, served)).not.toBeNull();
  });

  it('are on the side of the function only by the rules of the routes', () => {
    const own = onFunction('b', flash);
    const expected = { cvm: [`${toCvm}/`], function: [`${toFunction}/`] };
    expect(findMoved(moving('/'), testRule('a', 'lb-cvm', flash, { functions: [fn] }), own)).toEqual(
      expected,
    );
    expect(findMoved(moving('/'), onCvm('a', flash, { functions: [fn] }), own)).toEqual(expected);
  });

  it('are unknown if a load balancer takes their port otherwise than by rules for the name', () => {
    const tls = { listenerId: 'lbl-scf-tls' };
    const clear = [onCvm('a', flash), onFunction('b', flash)];
    const secure = onFunction('c', flash, tls);
    const requests = { ...moving('/'), rules: estateFrom([clear[1] ?? {}, secure]).rules };
    expect(findMoved(requests, ...clear, secure)).not.toBeNull();
    const byDefault = onCvm('d', shop, { listenerId: 'lbl-cvm-tls', isDefault: true });
    expect(findMoved(requests, ...clear, secure, byDefault)).toBeNull();
    const tcp = testListener('lb-cvm', { id: 'lbl-cvm-tls', protocol: 'TCP', port: 443 });
    const withTcp = { listeners: [...listeners.filter((_, at) => at !== 2), tcp] };
    expect(findMovedIn(withTcp, requests, ...clear, secure)).toBeNull();
    // Without a rule for the name, the load balancer of the route serves none of it on that port by the function.
    expect(findMovedIn(withTcp, moving('/'), ...clear)).not.toBeNull();
    const left = onCvm('e', flash, { listenerId: 'lbl-cvm-tls' });
    expect(findMoved(moving('/'), ...clear, left)?.cvm).toHaveLength(2);
    const otherName = onFunction('f', shop, tls);
    expect(findMoved(moving('/'), ...clear, left, otherName)?.cvm).toHaveLength(1);
    const udp = testListener('lb-scf', { id: 'lbl-scf-udp', protocol: 'UDP', port: 80 });
    expect(findMovedIn({ listeners: [...listeners, udp] }, moving('/'), ...clear)).toBeNull();
  });

  it('are unknown until the snapshot has the listener of each route', () => {
    const rules = [
      onCvm('a', flash),
      onFunction('b', flash),
      onFunction('c', flash, { listenerId: 'lbl-scf-tls' }),
    ];
    const requests = { ...moving('/'), rules: estateFrom(rules.slice(1)).rules };
    expect(findMoved(requests, ...rules)).not.toBeNull();
    expect(findMovedIn({ listeners: listeners.slice(0, 3) }, requests, ...rules)).toBeNull();
    const added = moving('/', 'lbl-lb-scf', [{ ...movedRecord, before: [] }]);
    expect(findMovedIn({ listeners: [], records: [] }, added, ...rules)).toBeNull();
  });

  it('become those of functions when they change in place', () => {
    const rule = (change: object) => testRule('a', 'lb-cvm', flash, change);
    const requests = inPlace();
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
