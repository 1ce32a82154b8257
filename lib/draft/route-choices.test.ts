import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arbitraryEstate,
  testBound,
  testEstate,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
} from '@/testing/plan/test-estate';
import { type CvmRouteDraft, emptyRoute } from './draft';
import { chooseDomain, chooseListener, chooseLoadBalancer, chooseRule } from './route-choices';

const toCvm = emptyRoute('cvm', 'a');
const toFunction = emptyRoute('function', 'b');

describe('choosing the domain of a CVM route', () => {
  it('fills in the current route of the name', () => {
    expect(chooseDomain(testEstate(), toCvm, 'shop.example.co.id')).toMatchObject({
      domain: 'shop.example.co.id',
      loadBalancerId: 'lb-cvm',
      listenerId: 'lbl-lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-shop' },
    });
  });

  it('follows enabled records only', () => {
    const off = testRecord(11, 'shop', '127.77.1.1', { enabled: false });
    const route = chooseDomain(testEstate({ records: [off] }), toCvm, 'shop.example.co.id');
    expect(route.loadBalancerId).toBe('');
  });

  it('keeps a manually chosen load balancer if the name doesn’t point at one', () => {
    const chosen = chooseLoadBalancer(testEstate(), toCvm, 'lb-cvm');
    const route = chooseDomain(testEstate(), chosen, 'nowhere.example.co.id');
    expect(route).toMatchObject({ loadBalancerId: 'lb-cvm', rule: { kind: 'new', url: '/' } });
  });
});

describe('choosing the domain of a function route', () => {
  it('changes only the rule', () => {
    const chosen = chooseLoadBalancer(testEstate(), toFunction, 'lb-cvm');
    const route = chooseDomain(testEstate(), chosen, 'flash.example.co.id');
    expect(route).toMatchObject({
      loadBalancerId: 'lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-flash' },
    });
  });
});

describe('choosing a listener with SNI', () => {
  const certificate = (id: string, name: string, notAfter: string) => ({
    id,
    kind: 'SVR',
    domains: [name],
    notAfter,
    status: 'issued',
  });
  const estate = testEstate({
    listeners: [testListener('lb-scf', { protocol: 'HTTPS', port: 443, sniSwitch: true })],
    rules: [testRule('loc-b', 'lb-scf', 'there.example.co.id', { url: '/x' })],
    certificates: [
      certificate('c-soon', '*.example.co.id', '2027-01-01T00:00:00Z'),
      certificate('c-long', '*.example.co.id', '2028-01-01T00:00:00Z'),
      certificate('c-other', 'other.example.net', '2029-01-01T00:00:00Z'),
    ],
  });
  const ruleForDomain = (domain: string) =>
    chooseListener(estate, { ...toFunction, domain, loadBalancerId: 'lb-scf' }, 'lbl-lb-scf').rule;

  it('proposes the certificate that covers a new domain and is valid longest', () => {
    expect(ruleForDomain('new.example.co.id')).toEqual({ kind: 'new', url: '/', certificateId: 'c-long' });
    expect(ruleForDomain('new.example.org')).toEqual({ kind: 'new', url: '/', certificateId: null });
  });

  it('proposes another certificate when the domain changes, and none if the domain has one', () => {
    const route = {
      ...toFunction,
      domain: 'a.example.co.id',
      listenerId: 'lbl-lb-scf',
      rule: ruleForDomain('a.example.co.id'),
    };
    expect(chooseDomain(estate, route, 'other.example.net').rule).toMatchObject({ certificateId: 'c-other' });
    const further = { kind: 'new', url: '/y', certificateId: 'c-long' } as const;
    expect(chooseDomain(estate, { ...route, rule: further }, 'there.example.co.id').rule).toMatchObject({
      certificateId: null,
    });
  });

  it('keeps the choice while the path is typed', () => {
    const typed = { kind: 'new', url: '/z', certificateId: 'c-soon' } as const;
    expect(chooseRule(estate, { ...toFunction, rule: ruleForDomain('a.example.co.id') }, typed).rule).toEqual(
      typed,
    );
  });
});

describe('choosing a rule', () => {
  const estate = testEstate({
    rules: [testRule('loc-bound', 'lb-scf', 'flash.example.co.id', { functions: [testBound] })],
  });
  const rule = { kind: 'existing', ruleId: 'loc-bound' } as const;

  it('also chooses the function of the rule', () => {
    expect(chooseRule(estate, toFunction, rule).function).toEqual({
      region: 'ap-singapore',
      namespace: 'flash',
      name: 'storefront',
      qualifier: '1',
    });
  });

  it('keeps a manually chosen function', () => {
    const chosen = { ...toFunction, function: { ...toFunction.function, name: 'mine' } };
    expect(chooseRule(estate, chosen, rule).function.name).toBe('mine');
  });

  it('keeps a typed path when other fields change', () => {
    const typed = { ...toFunction, rule: { kind: 'new', url: '/promo', certificateId: null } } as const;
    expect(chooseListener(estate, { ...typed, domain: 'flash.example.co.id' }, 'lbl-lb-scf').rule).toEqual(
      typed.rule,
    );
  });
});

describe('choosing a load balancer', () => {
  const twoListeners = (rules: readonly object[]) =>
    testEstate({
      listeners: [
        testListener('lb-scf'),
        testListener('lb-scf', { id: 'lbl-tls', protocol: 'HTTPS', port: 443 }),
        testListener('lb-scf', { id: 'lbl-tcp', protocol: 'TCP', port: 9000 }),
      ],
      rules,
    });
  const route = { ...toFunction, domain: 'flash.example.co.id' };

  it('leaves the listener open when several match', () => {
    expect(chooseLoadBalancer(twoListeners([]), route, 'lb-scf').listenerId).toBe('');
  });

  it('chooses the only listener that has a rule for the domain', () => {
    const rule = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { listenerId: 'lbl-tls' });
    expect(chooseLoadBalancer(twoListeners([rule]), route, 'lb-scf')).toMatchObject({
      listenerId: 'lbl-tls',
      rule: { kind: 'existing', ruleId: 'loc-b' },
    });
  });

  it('chooses a layer-4 listener if there is no other, so that its finding is shown', () => {
    const estate = testEstate({ listeners: [testListener('lb-scf', { protocol: 'TCP' })] });
    expect(chooseLoadBalancer(estate, route, 'lb-scf').listenerId).toBe('lbl-lb-scf');
  });

  it('works for one without listeners', () => {
    const estate = testEstate({ loadBalancers: [testLoadBalancer('lb-scf')], listeners: [] });
    expect(chooseLoadBalancer(estate, route, 'lb-scf')).toMatchObject({
      listenerId: '',
      rule: { kind: 'new', url: '/' },
    });
  });
});

it('never leaves a route with inconsistent parts', () => {
  const id = fc.constantFrom('lb-cvm', 'lb-scf', 'lb-gone', '');
  const domain = fc.constantFrom('shop.example.co.id', 'flash.example.co.id', 'other.example.com', '');
  fc.assert(
    fc.property(arbitraryEstate, fc.array(fc.tuple(id, domain), { maxLength: 5 }), (estate, choices) => {
      let route: CvmRouteDraft = toCvm;
      for (const [loadBalancerId, name] of choices) {
        route = chooseDomain(estate, chooseLoadBalancer(estate, route, loadBalancerId), name);
        route = chooseListener(estate, route, route.listenerId);
      }
      const { rule } = route;
      const listener = estate.listeners.find((l) => l.id === route.listenerId);
      if (route.listenerId !== '') expect(listener?.loadBalancerId).toBe(route.loadBalancerId);
      if (rule.kind !== 'new') {
        const found = estate.rules.find((r) => r.id === rule.ruleId);
        expect(found).toMatchObject({ listenerId: route.listenerId, domain: route.domain });
      }
    }),
  );
});
