import { expect, it } from 'vitest';
import {
  testCustomConfig,
  testEstate,
  testListener,
  testLoadBalancer,
  testRule,
} from '@/testing/plan/test-estate';
import { testInvocationRequest } from './test-invocation-request';

const place = {
  domain: 'flash.example.co.id',
  loadBalancerId: 'lb-scf',
  listenerId: 'lbl-lb-scf',
  rule: { kind: 'new', url: '/buy' },
} as const;
const at = new Date('2026-12-11T14:00:00.000Z');

it('is the request of the route, in plain text unless its listener is HTTPS', () => {
  const asked = testInvocationRequest(testEstate(), place, at);
  expect(asked).toMatchObject({ protocol: 'HTTP', host: 'flash.example.co.id', path: '/buy', at });
  const listeners = [testListener('lb-scf', { protocol: 'HTTPS', port: 443 })];
  expect(testInvocationRequest(testEstate({ listeners }), place, at).protocol).toBe('HTTPS');
});

it('requests a path that the chosen rule matches', () => {
  const estate = testEstate({
    rules: [testRule('loc-b', 'lb-scf', 'flash.example.co.id', { url: '= /pay' })],
  });
  const testInvocationPath = (ruleId: string) =>
    testInvocationRequest(estate, { ...place, rule: { kind: 'existing', ruleId } }, at).path;
  expect(testInvocationPath('loc-b')).toBe('/pay');
  expect(testInvocationPath('')).toBe('/');
});

it('includes method and path only if the configuration of the route does', () => {
  const asked = (config: object, loadBalancerId = 'lb-scf') =>
    testInvocationRequest(testEstate({ customConfigs: [config] }), { ...place, loadBalancerId }, at);
  const both = testCustomConfig({ addsMethodHeader: true, addsUriHeader: true });
  expect(asked(both)).toMatchObject({ addsMethod: true, addsUri: true });
  expect(asked(testCustomConfig({ addsMethodHeader: true, addsUriHeader: false }))).toMatchObject({
    addsMethod: true,
    addsUri: false,
  });
  expect(asked(both, 'lb-cvm')).toMatchObject({ addsMethod: false, addsUri: false });
});

it('uses the load balancer if no domain is chosen yet', () => {
  const host = (change: object, balancer = 'lb-scf') =>
    testInvocationRequest(
      testEstate({ loadBalancers: [testLoadBalancer('lb-scf', change)] }),
      { ...place, domain: '', loadBalancerId: balancer },
      at,
    ).host;
  expect(host({ domain: 'lb-scf.clb.example.net' })).toBe('lb-scf.clb.example.net');
  expect(host({ vips: ['127.77.1.2'] })).toBe('127.77.1.2');
  expect(host({}, 'lb-new')).toBe('localhost');
});
