import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import type { ParamValue } from '@/lib/estate/call';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testFunctionRoute, testListener, testRule, testSplit } from '@/testing/plan/test-estate';

type Wanted = { readonly domain: string; readonly url: string; readonly certificateId: string | null };

/** Returns the certificates that the plan creates rules with, as `domain/url` → certificate. */
function createdWith(wanted: readonly Wanted[], sniSwitch: boolean, rules: readonly object[] = []) {
  const estate = testEstate({
    listeners: [testListener('lb-cvm'), testListener('lb-scf', { protocol: 'HTTPS', port: 443, sniSwitch })],
    rules: [testRule('loc-shop', 'lb-cvm', 'shop.example.co.id'), ...rules],
  });
  const [cvm] = testSplit().routes;
  const routes = wanted.map(({ domain, ...rule }) =>
    testFunctionRoute({ domain, rule: { kind: 'new', ...rule } }),
  );
  const diversion = SplitDiversion.parse({ kind: 'split', name: 'sni', routes: [cvm, ...routes] });
  const planned = createTestPlan({ estate, diversion });
  const made = planned.steps.flatMap((step) => {
    if (step.kind !== 'write' || step.call.action !== 'CreateRule') return [];
    return step.call.params.Rules as readonly Readonly<Record<string, ParamValue>>[];
  });
  return Object.fromEntries(
    made.map(({ Domain, Url, Certificate }) => [`${Domain}${Url}`, Certificate ?? null]),
  );
}

const shown = (id: string) => ({ SSLMode: 'UNIDIRECTIONAL', CertId: id });

describe('new rule', () => {
  const wanted = { domain: 'flash.example.co.id', url: '/', certificateId: 'c-1' };

  it('has its certificate on a listener with SNI, and none elsewhere', () => {
    expect(createdWith([wanted], true)).toEqual({ 'flash.example.co.id/': shown('c-1') });
    expect(createdWith([wanted], false)).toEqual({ 'flash.example.co.id/': null });
  });

  it('has none where its domain already exists', () => {
    const there = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { url: '/old' });
    expect(createdWith([wanted], true, [there])).toEqual({ 'flash.example.co.id/': null });
  });

  const choice = fc.record({
    domain: fc.constantFrom('a.example.co.id', 'b.example.co.id'),
    url: fc.constantFrom('/', '/x', '/y'),
    certificateId: fc.constantFrom(null, 'c-1', 'c-2'),
  });

  it('property: all rules of a new domain are created with the first certificate that a route names for it', () => {
    const distinct = { selector: ({ domain, url }: Wanted) => domain + url, minLength: 1, maxLength: 6 };
    fc.assert(
      fc.property(fc.uniqueArray(choice, distinct), (all) => {
        const first = (domain: string) =>
          all.find((each) => each.domain === domain && each.certificateId !== null)?.certificateId;
        const expected = all.map(({ domain, url }) => {
          const id = first(domain);
          return [`${domain}${url}`, id ? shown(id) : null];
        });
        expect(createdWith(all, true)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 60 },
    );
  });
});
