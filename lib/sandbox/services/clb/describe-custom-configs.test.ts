import { afterAll, beforeEach, expect, test } from 'vitest';
import { startBackendsTestCloud } from '@/testing/sandbox/services/clb/backends-test-cloud';
import { effectiveConfig } from '../../model/clb/custom-config';
import type { WorldCustomConfig } from '../../world/clb';

const backends = await startBackendsTestCloud();
const { clb } = backends;
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

const content = 'proxy_set_header X-Method $request_method;\nproxy_read_timeout 90s;';
const whole = { loadBalancerId: 'lb-cvm00001', listenerId: null, domain: null, ruleId: null };
const domain = { ...whole, listenerId: 'lbl-tls00001', domain: 'app.example.com' };

function add(id: string, given: Partial<WorldCustomConfig> = {}): void {
  const common = { region: 'ap-singapore', content, createdAt: 0, modifiedAt: 0, bindings: [], tags: {} };
  backends.account.customConfigs[id] = { ...common, id, name: id, kind: 'CLB', ...given };
}

const refusalCode = async (call: () => Promise<unknown>) => (await backends.refused(call)).code;

async function list(given: object = {}) {
  return (await clb.DescribeCustomizedConfigList({ ConfigType: 'CLB', ...given })).ConfigList ?? [];
}

async function bound(given: object = {}) {
  return (await clb.DescribeCustomizedConfigAssociateList(given)).BindList ?? [];
}

test('lists configurations by id, name, load balancer and VIP', async () => {
  add('pz-first', { name: 'first one' });
  add('pz-second', { name: 'second', bindings: [whole] });
  add('pz-far', { region: 'ap-guangzhou' });
  const ids = async (given: object) => (await list(given)).map((each) => each.UconfigId);
  expect(await list({ UconfigIds: ['pz-first'] })).toMatchObject([
    { UconfigId: 'pz-first', ConfigType: 'CLB', ConfigName: 'first one', ConfigContent: content },
  ]);
  expect(await ids({ ConfigName: 'st on' })).toEqual(['pz-first']);
  expect(await ids({ Filters: [{ Name: 'loadbalancer-id', Values: ['lb-cvm00001'] }] })).toEqual([
    'pz-second',
  ]);
  expect(await ids({ Filters: [{ Name: 'vip', Values: ['127.102.1.1'] }] })).toEqual(['pz-second']);
  expect(await ids({ Filters: [{ Name: 'vip', Values: ['127.102.1.2'] }] })).toEqual([]);
  expect(await ids({ ConfigType: 'SERVER' })).toEqual([]);
  expect(await ids({ Offset: 1, Limit: 1 })).toEqual(['pz-second']);
  expect((await bound({ Domain: 'shop.example.com' })).map((each) => each.UconfigId)).toEqual(['pz-second']);
  expect(await bound({ Domain: 'none.example.com' })).toEqual([]);
  expect(await refusalCode(() => list({ Filters: [{ Name: 'zone', Values: [] }] }))).toBe(
    'InvalidParameterValue.InvalidFilter',
  );
  expect(await refusalCode(() => list({ ConfigType: 'ALL' }))).toBe('InvalidParameterValue');
});

test('lists where configurations are bound, and names the one of a load balancer', async () => {
  add('pz-whole', { bindings: [whole], content: 'proxy_read_timeout 100s;' });
  add('pz-server', { kind: 'SERVER', bindings: [domain] });
  add('pz-rule', { kind: 'LOCATION', bindings: [{ ...domain, ruleId: 'loc-app00001' }] });
  expect(await bound()).toMatchObject([
    {
      LoadBalancerId: 'lb-cvm00001',
      ListenerId: '',
      Domain: '',
      LocationId: '',
      Url: null,
      UconfigId: 'pz-whole',
    },
    {
      UconfigId: 'pz-server',
      ListenerId: 'lbl-tls00001',
      Protocol: 'HTTPS',
      Vport: 443,
      Domain: 'app.example.com',
      LocationId: '',
      Url: null,
    },
    { UconfigId: 'pz-rule', LocationId: 'loc-app00001', Url: '/' },
  ]);
  expect(await bound({ UconfigId: 'pz-server' })).toHaveLength(1);
  expect(await refusalCode(() => bound({ UconfigId: 'pz-none' }))).toBe('InvalidParameterValue');
  const { LoadBalancerSet: found } = await clb.DescribeLoadBalancers({ LoadBalancerIds: ['lb-cvm00001'] });
  expect(found?.[0]?.ConfigId).toBe('pz-whole');
  const rule = backends.account.loadBalancers['lb-cvm00001']?.listeners[0]?.rules[0];
  if (!rule) throw new Error('not in the seed');
  const at = { loadBalancerId: 'lb-cvm00001', listenerId: 'lbl-cvm00001' };
  expect(effectiveConfig(backends.account, at, rule).readTimeoutS).toBe(100);
});
