import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arbitraryEstate,
  testEstate,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
} from '@/lib/plan/test-estate';
import { chooseDomainOfA, chooseDomainOfB, chooseListener, chooseLoadBalancer } from './lane-choices';
import { emptyDraft } from './split-draft';

const { laneA, laneB } = emptyDraft('test');

describe('choosing the domain of lane A', () => {
  it('fills in the whole route that the name takes now', () => {
    expect(chooseDomainOfA(testEstate(), laneA, 'shop.example.co.id')).toMatchObject({
      domain: 'shop.example.co.id',
      loadBalancerId: 'lb-cvm',
      listenerId: 'lbl-lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-shop' },
    });
  });

  it('follows enabled records only', () => {
    const off = testRecord(11, 'shop', '127.77.1.1', { enabled: false });
    const lane = chooseDomainOfA(testEstate({ records: [off] }), laneA, 'shop.example.co.id');
    expect(lane.loadBalancerId).toBe('');
  });

  it('keeps a load balancer that was chosen by hand when the name leads to none', () => {
    const chosen = chooseLoadBalancer(testEstate(), laneA, 'lb-cvm');
    const lane = chooseDomainOfA(testEstate(), chosen, 'nowhere.example.co.id');
    expect(lane).toMatchObject({ loadBalancerId: 'lb-cvm', rule: { kind: 'new', url: '/' } });
  });
});

describe('choosing the domain of lane B', () => {
  it('moves nothing but the rule', () => {
    const chosen = chooseLoadBalancer(testEstate(), laneB, 'lb-cvm');
    const lane = chooseDomainOfB(testEstate(), chosen, 'flash.example.co.id');
    expect(lane).toMatchObject({
      loadBalancerId: 'lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-flash' },
    });
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
  const lane = { ...laneB, domain: 'flash.example.co.id' };

  it('leaves the listener to the person when several can be meant', () => {
    expect(chooseLoadBalancer(twoListeners([]), lane, 'lb-scf').listenerId).toBe('');
  });

  it('takes the one listener that has a rule for the domain', () => {
    const rule = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { listenerId: 'lbl-tls' });
    expect(chooseLoadBalancer(twoListeners([rule]), lane, 'lb-scf')).toMatchObject({
      listenerId: 'lbl-tls',
      rule: { kind: 'existing', ruleId: 'loc-b' },
    });
  });

  it('takes a layer-4 listener where there is no other: its reason can be read then', () => {
    const estate = testEstate({ listeners: [testListener('lb-scf', { protocol: 'TCP' })] });
    expect(chooseLoadBalancer(estate, lane, 'lb-scf').listenerId).toBe('lbl-lb-scf');
  });

  it('works for one without listeners', () => {
    const estate = testEstate({ loadBalancers: [testLoadBalancer('lb-scf')], listeners: [] });
    expect(chooseLoadBalancer(estate, lane, 'lb-scf')).toMatchObject({
      listenerId: '',
      rule: { kind: 'new', url: '/' },
    });
  });
});

it('never leaves a lane with parts that do not belong together', () => {
  const id = fc.constantFrom('lb-cvm', 'lb-scf', 'lb-gone', '');
  const domain = fc.constantFrom('shop.example.co.id', 'flash.example.co.id', 'other.example.com', '');
  fc.assert(
    fc.property(arbitraryEstate, fc.array(fc.tuple(id, domain), { maxLength: 5 }), (estate, choices) => {
      let lane = laneA;
      for (const [loadBalancerId, name] of choices) {
        lane = chooseDomainOfA(estate, chooseLoadBalancer(estate, lane, loadBalancerId), name);
        lane = chooseListener(estate, lane, lane.listenerId);
      }
      const { rule } = lane;
      const listener = estate.listeners.find((l) => l.id === lane.listenerId);
      if (lane.listenerId !== '') expect(listener?.loadBalancerId).toBe(lane.loadBalancerId);
      if (rule.kind === 'existing') {
        const found = estate.rules.find((r) => r.id === rule.ruleId);
        expect(found).toMatchObject({ listenerId: lane.listenerId, domain: lane.domain });
      }
    }),
  );
});
