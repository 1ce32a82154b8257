import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRecord, testRule, testSplit, testTarget } from '@/testing/plan/test-estate';

const here = '127.77.1.2';
const beside = (domain: string, change: object = {}) =>
  testRule(`loc ${domain}`, 'lb-scf', domain, { targets: [testTarget()], ...change });
const existing = testSplit({ rule: { kind: 'existing', ruleId: 'loc-b' } });

/** Runs the check with these rules on the function's listener and these names pointing at it. */
function found(rules: readonly object[], names: readonly string[], diversion = testSplit()) {
  const records = [
    testRecord(11, 'shop', '127.77.1.1'),
    testRecord(12, 'flash', '127.77.1.1'),
    ...names.map((name, n) => testRecord(20 + n, name, here)),
    testRecord(99, 'off', here, { enabled: false }),
  ];
  const estate = testEstate({ rules: [...testEstate().rules, ...rules], records });
  return preflight({ estate, diversion }).filter(({ check }) => check === 'default-domain');
}

const own = (change: object = {}) =>
  testRule('loc-b', 'lb-scf', 'flash.example.co.id', { isDefault: true, ...change });

it('passes the first domain of a listener if no other name points at it', () => {
  expect(found([], [])).toMatchObject([{ status: 'pass', why: 'default-domain.alone' }]);
  expect(found([], ['flash'])).toMatchObject([{ status: 'pass', why: 'default-domain.alone' }]);
});

it('warns about the first domain of a listener if other names point at it, because it gets their requests', () => {
  const findings = found([], ['www', 'api']);
  expect(findings).toMatchObject([
    { status: 'warn', why: 'default-domain.becomes', values: { more: 0 }, field: 'routes.1.rule' },
  ]);
  expect(findings[0]?.values.names).toBe('api.example.co.id, www.example.co.id');
  expect(findings.some(stops)).toBe(false);
});

it('lists three and counts the rest', () => {
  expect(found([], ['a', 'b', 'c', 'd', 'e'])[0]?.values).toMatchObject({
    names: 'a.example.co.id, b.example.co.id, c.example.co.id',
    more: 2,
  });
});

it('passes a rule beside the default domain, even if other names point there', () => {
  expect(found([beside('event.example.co.id', { isDefault: true })], ['www'])).toMatchObject([
    { status: 'pass', why: 'default-domain.pass' },
  ]);
});

it('warns about a function on the rule of the default domain, for names without a matching rule', () => {
  expect(found([own()], ['www'], existing)).toMatchObject([{ status: 'warn', why: 'default-domain.takes' }]);
  const fitted = [own(), beside('*.example.co.id')];
  expect(found(fitted, ['www'], existing)).toMatchObject([{ status: 'pass', why: 'default-domain.alone' }]);
});

it('finds the default domain by age if none is marked', () => {
  const old = own({ isDefault: false, createdAt: '2025-01-01T00:00:00Z' });
  const young = beside('event.example.co.id', { createdAt: '2026-01-01T00:00:00Z' });
  expect(found([young, old], ['www'], existing)).toMatchObject([{ why: 'default-domain.takes' }]);
});

it('reports nothing if the function is already bound', () => {
  const functions = [
    { namespace: 'flash', name: 'storefront', qualifier: '1', qualifierType: 'VERSION', weight: 10 },
  ];
  expect(found([own({ functions })], ['www'], existing)).toEqual([]);
});
