import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  app,
  type BackendsTestCloud,
  place,
  startBackendsTestCloud,
} from '@/testing/sandbox/services/clb/backends-test-cloud';
import { effectiveConfig } from '../../model/clb/custom-config';
import type { WorldCustomConfig } from '../../world/clb';

let backends: BackendsTestCloud;
let clb: BackendsTestCloud['clb'];
beforeAll(async () => {
  backends = await startBackendsTestCloud();
  clb = backends.clb;
});
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

const content = 'proxy_set_header X-Method $request_method;\nproxy_read_timeout 90s;';
const refusalCode = async (call: () => Promise<unknown>) => (await backends.refused(call)).code;
const set = (operation: string, given: object) =>
  clb.SetCustomizedConfigForLoadBalancer({ OperationType: operation, ...given });

async function add(given: object = {}): Promise<string> {
  return (await set('ADD', { ConfigName: 'methods', ConfigContent: content, ...given })).ConfigId ?? '';
}

async function list(given: object = {}) {
  return (await clb.DescribeCustomizedConfigList({ ConfigType: 'CLB', ...given })).ConfigList ?? [];
}

async function bound(given: object = {}) {
  return (await clb.DescribeCustomizedConfigAssociateList(given)).BindList ?? [];
}

async function shownAt(id: string) {
  const { LoadBalancerSet: found } = await clb.DescribeLoadBalancers({ LoadBalancerIds: [id] });
  return found?.[0]?.ConfigId;
}

describe('of load balancers', () => {
  test('can be added, changed, bound, unbound and deleted; their id can be polled as a task id', async () => {
    const write = set('ADD', { ConfigName: 'methods', ConfigContent: content });
    const UconfigId = (await write).ConfigId ?? '';
    expect(UconfigId).toMatch(/^pz-[0-9a-z]{8}$/);
    expect((await clb.DescribeTaskStatus({ TaskId: (await write).RequestId ?? '' })).Status).toBe(2);
    backends.cloud.clock.advance(1000);
    expect((await clb.DescribeTaskStatus({ TaskId: (await write).RequestId ?? '' })).Status).toBe(0);
    expect(await list()).toMatchObject([
      { UconfigId, ConfigType: 'CLB', ConfigName: 'methods', ConfigContent: content },
    ]);
    await set('UPDATE', { UconfigId, ConfigName: 'reads', ConfigContent: 'proxy_read_timeout 100s;' });
    expect(await list()).toMatchObject([{ ConfigName: 'reads', ConfigContent: 'proxy_read_timeout 100s;' }]);
    const LoadBalancerIds = ['lb-cvm00001', 'lb-scf00001'];
    await set('BIND', { UconfigId, LoadBalancerIds });
    expect(await bound({ UconfigId })).toMatchObject([
      { LoadBalancerId: 'lb-cvm00001', ListenerId: '', Domain: '', LocationId: '', Url: null, UconfigId },
      { LoadBalancerId: 'lb-scf00001' },
    ]);
    expect(await shownAt('lb-cvm00001')).toBe(UconfigId);
    const rule = backends.account.loadBalancers['lb-cvm00001']?.listeners[0]?.rules[0];
    if (!rule) throw new Error('not in the seed');
    const at = { loadBalancerId: 'lb-cvm00001', listenerId: 'lbl-cvm00001' };
    expect(effectiveConfig(backends.account, at, rule).readTimeoutS).toBe(100);
    expect(await refusalCode(() => set('DELETE', { UconfigId }))).toBe('FailedOperation');
    await set('UNBIND', { UconfigId, LoadBalancerIds });
    expect([await bound(), await shownAt('lb-cvm00001')]).toEqual([[], '']);
    await set('DELETE', { UconfigId });
    expect(await list()).toEqual([]);
  });

  test('are filtered in lists by id, name, load balancer and VIP', async () => {
    const [first, second] = [await add({ ConfigName: 'first one' }), await add({ ConfigName: 'second' })];
    await set('BIND', { UconfigId: second, LoadBalancerIds: ['lb-cvm00001'] });
    const ids = async (given: object) => (await list(given)).map((each) => each.UconfigId);
    expect(await ids({ UconfigIds: [first] })).toEqual([first]);
    expect(await ids({ ConfigName: 'st on' })).toEqual([first]);
    expect(await ids({ Filters: [{ Name: 'loadbalancer-id', Values: ['lb-cvm00001'] }] })).toEqual([second]);
    expect(await ids({ Filters: [{ Name: 'vip', Values: ['127.102.1.1'] }] })).toEqual([second]);
    expect(await ids({ Filters: [{ Name: 'vip', Values: ['127.102.1.2'] }] })).toEqual([]);
    expect(await ids({ ConfigType: 'SERVER' })).toEqual([]);
    expect(await ids({ Offset: 1, Limit: 1 })).toEqual([second]);
    expect((await bound({ Domain: 'shop.example.com' })).map((each) => each.UconfigId)).toEqual([second]);
    expect(await bound({ Domain: 'none.example.com' })).toEqual([]);
    expect(await refusalCode(() => list({ Filters: [{ Name: 'zone', Values: [] }] }))).toBe(
      'InvalidParameterValue.InvalidFilter',
    );
    expect(await refusalCode(() => list({ ConfigType: 'ALL' }))).toBe('InvalidParameterValue');
  });

  test('refusals', async () => {
    const UconfigId = await add();
    const LoadBalancerIds = ['lb-cvm00001'];
    const code = (operation: string, given: object) => refusalCode(() => set(operation, given));
    expect(await code('MOVE', { UconfigId })).toBe('InvalidParameterValue');
    expect(await code('ADD', { ConfigContent: content })).toBe('MissingParameter');
    expect(await code('ADD', { ConfigName: 'x' })).toBe('MissingParameter');
    expect(
      await backends.refused(() => add({ ConfigContent: 'send_timeout 1s;\nproxy_read_timeout 3s;' })),
    ).toEqual({
      code: 'InvalidParameter.FormatError',
      message: 'The parameter `ConfigContent`, line 2: "proxy_read_timeout" must be 30-3600 s.',
    });
    expect(await code('ADD', { ConfigName: 'x', ConfigContent: '#'.repeat(65_537) })).toBe(
      'InvalidParameterValue.Length',
    );
    expect(await code('UPDATE', { UconfigId })).toBe('MissingParameter');
    expect(await code('UPDATE', { ConfigName: 'x' })).toBe('MissingParameter');
    expect(await code('UPDATE', { UconfigId, ConfigContent: 'foo 1;' })).toBe('InvalidParameter.FormatError');
    expect(await code('DELETE', { UconfigId: 'pz-none' })).toBe('InvalidParameterValue');
    expect(await code('BIND', { UconfigId })).toBe('MissingParameter');
    expect(await code('BIND', { UconfigId, LoadBalancerIds: [] })).toBe('InvalidParameterValue.Length');
    expect(await code('BIND', { UconfigId, LoadBalancerIds: ['lb-none'] })).toBe(
      'InvalidParameter.LBIdNotFound',
    );
    expect(await code('UNBIND', { UconfigId, LoadBalancerIds })).toBe('InvalidParameterValue');
    await set('BIND', { UconfigId, LoadBalancerIds });
    expect(await code('BIND', { UconfigId: await add(), LoadBalancerIds })).toBe('LimitExceeded');
    expect(await code('BIND', { UconfigId, LoadBalancerIds })).toBe('LimitExceeded');
    const BindList = [{ ...place.https, Domain: 'app.example.com' }];
    expect(await refusalCode(() => clb.AssociateCustomizedConfig({ UconfigId, BindList }))).toBe(
      'InvalidParameterValue',
    );
  });

  test('are limited to 200 in a region', async () => {
    const id = await add();
    const { customConfigs } = backends.account;
    const one = customConfigs[id];
    if (!one) throw new Error('not added');
    for (let n = 1; n < 200; n += 1) customConfigs[`pz-${n}`] = { ...one, id: `pz-${n}` };
    expect(await refusalCode(() => add())).toBe('LimitExceeded');
    delete customConfigs['pz-1'];
    await add();
  });
});

describe('of domains and rules', () => {
  const bindTo = (UconfigId: string, item: object) =>
    clb.AssociateCustomizedConfig({
      UconfigId,
      BindList: [{ ...place.https, Domain: 'app.example.com', ...item }],
    });
  const location = { LocationId: app.LocationId };

  /** Adds a configuration directly: the SDK no longer has the action that creates them. */
  function has(kind: WorldCustomConfig['kind'], id: string): void {
    const common = { region: 'ap-singapore', content, createdAt: 0, modifiedAt: 0, bindings: [], tags: {} };
    backends.account.customConfigs[id] = { ...common, id, name: id, kind };
  }

  test('are bound to a domain of a listener, or to a rule, and unbound', async () => {
    has('SERVER', 'pz-server');
    has('LOCATION', 'pz-rule');
    expect(await backends.settle(bindTo('pz-server', {}))).toBe(0);
    expect(await backends.settle(bindTo('pz-rule', location))).toBe(0);
    expect(await bound()).toMatchObject([
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
    expect(await refusalCode(() => bindTo('pz-server', {}))).toBe('LimitExceeded');
    const BindList = [{ ...place.https, Domain: 'app.example.com' }];
    const off = () => clb.DisassociateCustomizedConfig({ UconfigId: 'pz-server', BindList });
    expect(await backends.settle(off())).toBe(0);
    expect((await bound()).map((each) => each.UconfigId)).toEqual(['pz-rule']);
    expect(await refusalCode(off)).toBe('InvalidParameterValue');
  });

  test('refusals', async () => {
    has('SERVER', 'pz-server');
    has('LOCATION', 'pz-rule');
    const code = (id: string, item: object) => refusalCode(() => bindTo(id, item));
    expect(await code('pz-none', {})).toBe('InvalidParameterValue');
    expect(await code('pz-server', location)).toBe('InvalidParameterValue');
    expect(await code('pz-rule', {})).toBe('MissingParameter');
    expect(await code('pz-server', { Domain: 'none.example.com' })).toBe('InvalidParameterValue');
    expect(await code('pz-rule', { LocationId: 'loc-none' })).toBe('InvalidParameter.LocationNotFound');
    expect(
      await code('pz-rule', { ...place.http, Domain: 'shop.example.com', LocationId: 'loc-sale0001' }),
    ).toBe('InvalidParameterValue');
    expect(await code('pz-server', place.tcp)).toBe('InvalidParameter.ProtocolCheckFailed');
    const twice = Array.from({ length: 2 }, () => ({ ...place.https, Domain: 'app.example.com' }));
    expect(
      await refusalCode(() => clb.AssociateCustomizedConfig({ UconfigId: 'pz-server', BindList: twice })),
    ).toBe('InvalidParameterValue');
    expect(
      await refusalCode(() => clb.AssociateCustomizedConfig({ UconfigId: 'pz-server', BindList: [] })),
    ).toBe('InvalidParameterValue');
    expect(
      await refusalCode(() => set('BIND', { UconfigId: 'pz-server', LoadBalancerIds: ['lb-cvm00001'] })),
    ).toBe('InvalidParameterValue');
  });
});
