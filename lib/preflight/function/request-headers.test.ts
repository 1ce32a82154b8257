import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { testRule, testSplit } from '@/testing/plan/test-estate';
import { findingsAbout, unreadConfigs } from '@/testing/preflight/test-function-checks';

type Given = Parameters<typeof findingsAbout>[1];
const lacks = (...headers: readonly ('addsMethodHeader' | 'addsUriHeader')[]) =>
  Object.fromEntries(headers.map((header) => [header, false]));

it.each<[Given, string, string, object]>([
  [{}, 'pass', 'pass', {}],
  [{ config: null }, 'warn', 'missing', { missing: 'both' }],
  [{ config: lacks('addsMethodHeader') }, 'warn', 'missing', { missing: 'method' }],
  [{ config: lacks('addsUriHeader') }, 'warn', 'missing', { missing: 'path' }],
  [{ more: unreadConfigs }, 'unknown', 'unread', {}],
])('%j', (given, status, why, values) => {
  const findings = findingsAbout('request-headers', given);
  expect(findings).toMatchObject([{ status, why: `request-headers.${why}`, field: 'routes.1.rule', values }]);
  expect(findings.some(stops)).toBe(false);
});

it('names where to add the headers', () => {
  expect(findingsAbout('request-headers', { config: null })[0]?.fix).toEqual({
    label: 'addHeaders',
    values: { name: 'lb-scf' },
    patch: null,
  });
});

it('accepts missing headers if the rule has only one path', () => {
  const rules = [
    testRule('loc-shop', 'lb-cvm', 'shop.example.co.id'),
    testRule('loc-b', 'lb-scf', 'flash.example.co.id', { url: '= /pay' }),
  ];
  const diversion = testSplit({ rule: { kind: 'existing', ruleId: 'loc-b' } });
  expect(findingsAbout('request-headers', { config: null, more: { rules }, diversion })).toMatchObject([
    { status: 'pass', why: 'request-headers.fixed' },
  ]);
});
