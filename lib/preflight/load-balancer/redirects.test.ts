import { expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRule, testSplit, testSwitch } from '@/testing/plan/test-estate';

const own = (change: object = {}) => testRule('loc-b', 'lb-scf', 'flash.example.co.id', change);
const onOwn = testSplit({ rule: { kind: 'existing', ruleId: 'loc-b' } });
const redirect = (id: string, domain: string, change: object = {}) =>
  testRule(id, 'lb-scf', domain, { listenerId: 'lbl-http', redirectsTo: 'loc-b', ...change });

function found(rules: readonly object[], diversion: Diversion = onOwn, nth = 1) {
  const estate = testEstate({ rules: [...testEstate().rules, ...rules] });
  return preflight({ estate, diversion }).filter(
    ({ check, field }) => check === 'redirects' && field === `routes.${nth}.rule`,
  );
}

it('passes a rule that nothing redirects to', () => {
  expect(found([own()])).toMatchObject([{ status: 'pass', why: 'redirects.none' }]);
});

it('passes a redirect from HTTP to HTTPS of the same site, which should move along', () => {
  expect(found([own(), redirect('loc-r', 'flash.example.co.id')])).toMatchObject([
    { status: 'pass', why: 'redirects.sameSite', objects: ['loc-r'] },
  ]);
});

it('warns about other sites that move along', () => {
  const others = [
    redirect('loc-r', 'old.example.co.id'),
    redirect('loc-p', 'flash.example.co.id', { url: '/p' }),
  ];
  const findings = found([own(), ...others, redirect('loc-s', 'flash.example.co.id')]);
  expect(findings).toMatchObject([{ status: 'warn', why: 'redirects.sources', values: { count: 2 } }]);
  expect(findings[0]?.values.sources).toBe('old.example.co.id/, flash.example.co.id/p');
  expect(findings.some(stops)).toBe(false);
});

it('ignores them if the rule is unchanged', () => {
  const rules = [redirect('loc-r', 'old.example.co.id', { redirectsTo: 'loc-flash' })];
  expect(found(rules, testSwitch(), 0)).toMatchObject([{ status: 'pass', why: 'redirects.none' }]);
  expect(found(rules, testSwitch({ toward: 'cvm' }), 0)).toMatchObject([{ why: 'redirects.sources' }]);
});

it.each([
  [own({ redirectsTo: 'loc-r' }), redirect('loc-r', 'old.example.co.id')],
  [own({ redirectsTo: 'loc-q' }), redirect('loc-q', 'q.example.co.id', { redirectsTo: 'loc-q' })],
  [own({ redirectsTo: 'loc-b' })],
])('blocks a redirect loop: %#', (...rules) => {
  const findings = found(rules);
  expect(findings).toMatchObject([{ status: 'block', why: 'redirects.loop' }]);
  expect(findings.some(stops)).toBe(true);
});

it('ignores a redirect to a missing rule', () => {
  expect(found([own({ redirectsTo: 'loc-gone' })])).toMatchObject([{ why: 'redirects.none' }]);
});
