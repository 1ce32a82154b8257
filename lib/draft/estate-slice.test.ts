import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDraft } from '@/lib/diversion/to-draft';
import {
  findFunction,
  findListener,
  findLoadBalancer,
  findZone,
  listAddressRecords,
} from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import {
  arbitraryEstate,
  testEstate,
  testInstance,
  testListener,
  testLoadBalancer,
  testRule,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { anticipatedEstate } from './anticipated-estate';
import { type Draft, emptyDraft } from './draft';
import { type EstateSlice, sliceEstate } from './estate-slice';
import { listBoundTargets, wantsCertificate } from './rule-draft';
import { listNameFacts } from './waves';

const arbitraryDraft = fc.constantFrom<Draft>(
  emptyDraft('split', 'New'),
  toDraft(testSplit()),
  toDraft(testSplit({ loadBalancerId: 'lb-cvm', listenerId: 'lbl-lb-cvm' })),
  toDraft(testSplit({ loadBalancerId: 'lb-none', rule: { kind: 'existing', ruleId: 'loc-b' } })),
  toDraft(testSwitch({ ramp: [10, 100] })),
  { ...toDraft(testSwitch()), waves: [{ names: ['flash.example.co.id', 'shop.example.co.id'], bakeS: 60 }] },
);

/** Returns all that the editor shows of an estate beside lists. */
function facts(estate: Omit<EstateSlice, 'takenAt' | 'partsAt' | 'stock' | 'names'>, draft: Draft) {
  const names = [...draft.routes.map(({ domain }) => domain), ...draft.waves.flatMap((wave) => wave.names)];
  return {
    routes: draft.routes.map((route) => [
      findLoadBalancer(estate, route.loadBalancerId),
      findListener(estate, route.loadBalancerId, route.listenerId),
      listBoundTargets(estate, route.rule),
      wantsCertificate(estate, route.listenerId, route.domain),
      route.to === 'function' ? findFunction(estate, route.function) : route.addTargets,
    ]),
    names: names.map((name) => [listAddressRecords(estate, name), findZone(estate, name)]),
  };
}

describe('the part of an estate that a draft refers to', () => {
  it('says the same of the draft as the whole estate with what the draft creates', () => {
    fc.assert(
      fc.property(arbitraryEstate, arbitraryDraft, (estate, draft) => {
        const whole = anticipatedEstate(estate, draft);
        const slice = sliceEstate(estate, draft);
        expect(facts(slice, draft)).toEqual(facts(whole, draft));
        expect(slice.names).toEqual(listNameFacts(whole, draft));
      }),
    );
  });

  it('says that no certificate is needed for a domain that its listener with SNI has already', () => {
    const rules = [testRule('loc-own', 'lb-scf', 'flash.example.co.id', { url: '/other' })];
    const listeners = [
      testListener('lb-cvm'),
      testListener('lb-scf', { protocol: 'HTTPS', sniSwitch: true }),
    ];
    const draft = toDraft(testSplit());
    const isWanted = (estate: Estate) =>
      wantsCertificate(sliceEstate(estate, draft), 'lbl-lb-scf', 'flash.example.co.id');
    expect(isWanted(testEstate({ listeners, rules }))).toBe(false);
    expect(isWanted(testEstate({ listeners, rules: [] }))).toBe(true);
  });

  it('says which load balancers have nothing to choose from', () => {
    const draft = toDraft(testSplit());
    const rich = testEstate({ instances: [testInstance()] });
    const poor = testEstate({ listeners: [], functions: [], instances: [] });
    const stock = (estate: Estate) =>
      sliceEstate(estate, draft).stock.find(({ loadBalancerId }) => loadBalancerId === 'lb-scf');
    const loadBalancerId = 'lb-scf';
    const has = (isThere: boolean) => ({
      hasListeners: isThere,
      hasFunctions: isThere,
      hasInstances: isThere,
    });
    expect(stock(rich)).toEqual({ loadBalancerId, ...has(true) });
    expect(stock(poor)).toEqual({ loadBalancerId, ...has(false) });
  });

  it('does not grow with the estate', () => {
    const many = Array.from({ length: 1000 }, (_, n) => `lb-${n}`);
    const large = testEstate({
      loadBalancers: [
        testLoadBalancer('lb-cvm'),
        testLoadBalancer('lb-scf'),
        ...many.map((id) => testLoadBalancer(id)),
      ],
      listeners: [testListener('lb-cvm'), testListener('lb-scf'), ...many.map((id) => testListener(id))],
      rules: many.map((id) => testRule(`loc-${id}`, id, `${id}.example.co.id`)),
    });
    const size = (estate: Estate) => JSON.stringify(sliceEstate(estate, toDraft(testSplit()))).length;
    expect(size(large)).toBeLessThanOrEqual(size(testEstate()));
    expect(JSON.stringify(sliceEstate(large, emptyDraft('split', 'New'))).length).toBeLessThan(500);
  });
});
