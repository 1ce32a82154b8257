import { expect, it } from 'vitest';
import type { Estate } from '@/lib/estate/model';
import { resolveRoute } from '@/lib/plan/model/resolve-route';
import {
  testCustomConfig,
  testEstate,
  testFunctionRoute,
  testListener,
  testRule,
} from '@/testing/plan/test-estate';
import { configOfRoute } from './route-config';

const none = { addsMethodHeader: false, addsUriHeader: false };
const at = (place: object) => [
  { loadBalancerId: 'lb-scf', listenerId: 'lbl-lb-scf', domain: null, ruleId: null, ...place },
];
const ofDomain = (change: object, domain = 'flash.example.co.id') =>
  testCustomConfig({ id: 'pz-2', scope: 'SERVER', bindings: at({ domain }), ...change });
const ofRule = (change: object, ruleId = 'loc-b') =>
  testCustomConfig({ id: 'pz-3', scope: 'LOCATION', bindings: at({ ruleId }), ...change });

function readConfig(customConfigs: readonly object[], change: object = {}, route: object = {}) {
  const rules = [testRule('loc-b', 'lb-scf', 'flash.example.co.id', { url: '/b' })];
  const estate: Estate = testEstate({ customConfigs, rules, ...change });
  const resolved = resolveRoute(estate, testFunctionRoute(route), 0);
  if (!resolved.ok) throw new Error('the route is of this estate');
  return configOfRoute(estate, resolved.value);
}

const onRule = { rule: { kind: 'existing', ruleId: 'loc-b' } };

it('is empty if nothing is bound', () => {
  const elsewhere = testCustomConfig({ bindings: [{ ...at({})[0], loadBalancerId: 'lb-cvm' }] });
  expect(readConfig([elsewhere])).toEqual({
    ...none,
    readTimeoutS: null,
    bodyMaxMb: null,
    tlsVersions: null,
    directives: [],
  });
});

it('uses the most specific value of each setting', () => {
  const all = [ofRule({ readTimeoutS: 5 }), testCustomConfig({ readTimeoutS: 90, bodyMaxMb: 4 })];
  const configs = [...all, ofDomain({ readTimeoutS: 30 })];
  expect(readConfig(configs)).toMatchObject({ readTimeoutS: 30, bodyMaxMb: 4 });
  expect(readConfig(configs, {}, onRule)).toMatchObject({ readTimeoutS: 5, bodyMaxMb: 4 });
});

it('replaces all headers of a wider configuration with those of a narrower one', () => {
  const near = ofDomain({ addsUriHeader: false });
  expect(readConfig([testCustomConfig(), near])).toMatchObject({
    addsMethodHeader: true,
    addsUriHeader: false,
  });
  expect(readConfig([testCustomConfig(), ofDomain(none)])).toMatchObject({ addsUriHeader: true });
});

it.each([
  ofDomain({}, 'shop.example.co.id'),
  ofDomain({ bindings: at({ listenerId: 'lbl-other', domain: 'flash.example.co.id' }) }),
  ofRule({}, 'loc-other'),
])('does not apply elsewhere: %#', (config) => {
  expect(readConfig([config], {}, onRule)).toMatchObject(none);
});

it('is unknown if it could not be read, or if the snapshot is older than this field', () => {
  const gaps = [{ part: 'clb-config/ap-singapore', reason: 'timeout' }];
  expect(readConfig([testCustomConfig()], { gaps })).toBeNull();
  expect(readConfig([], { clbQuotas: [] })).toBeNull();
  const listeners = [testListener('lb-scf')];
  expect(readConfig([testCustomConfig()], { clbQuotas: [], listeners })).not.toBeNull();
});
