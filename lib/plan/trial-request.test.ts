import { expect, it } from 'vitest';
import { testEstate, testListener, testLoadBalancer } from './test-estate';
import { trialRequest } from './trial-request';

const place = {
  domain: 'flash.example.co.id',
  loadBalancerId: 'lb-scf',
  listenerId: 'lbl-lb-scf',
  url: '= /buy',
};
const at = new Date('2026-12-11T14:00:00.000Z');
const config = (binding: object, change: object = {}) => ({
  ...{ id: 'pz-1', name: '', region: 'ap-singapore', scope: 'CLB', readTimeoutS: null, bodyMaxMb: null },
  bindings: [{ loadBalancerId: 'lb-scf', listenerId: null, domain: null, ruleId: null, ...binding }],
  ...{ addsMethodHeader: true, addsUriHeader: true, ...change },
});

it('is the request of the route, in plain text unless its listener is HTTPS', () => {
  const asked = trialRequest(testEstate(), place, at);
  expect(asked).toMatchObject({ protocol: 'HTTP', host: 'flash.example.co.id', path: '/buy', at });
  expect(asked).toMatchObject({ addsMethod: false, addsUri: false });
  const listeners = [testListener('lb-scf', { protocol: 'HTTPS', port: 443 })];
  expect(trialRequest(testEstate({ listeners }), place, at).protocol).toBe('HTTPS');
});

it.each([
  ['the whole load balancer', {}, true],
  ['the domain', { listenerId: 'lbl-lb-scf', domain: 'flash.example.co.id' }, true],
  ['another domain', { listenerId: 'lbl-lb-scf', domain: 'shop.example.co.id' }, false],
  ['another listener', { listenerId: 'lbl-other' }, false],
  ['another load balancer', { loadBalancerId: 'lb-cvm' }, false],
])('says method and path as the configuration of %s has it', (_what, binding, holds) => {
  const estate = testEstate({ customConfigs: [config(binding)] });
  expect(trialRequest(estate, place, at)).toMatchObject({ addsMethod: holds, addsUri: holds });
  const quiet = testEstate({ customConfigs: [config(binding, { addsUriHeader: false })] });
  expect(trialRequest(quiet, place, at)).toMatchObject({ addsMethod: holds, addsUri: false });
});

it('names the load balancer where no domain is chosen yet', () => {
  const host = (change: object, balancer = 'lb-scf') =>
    trialRequest(
      testEstate({ loadBalancers: [testLoadBalancer('lb-scf', change)] }),
      { ...place, domain: '', loadBalancerId: balancer },
      at,
    ).host;
  expect(host({ domain: 'lb-scf.clb.example.net' })).toBe('lb-scf.clb.example.net');
  expect(host({ vips: ['127.77.1.2'] })).toBe('127.77.1.2');
  expect(host({}, 'lb-new')).toBe('localhost');
});
