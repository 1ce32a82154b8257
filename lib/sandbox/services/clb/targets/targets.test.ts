import type {
  BatchTarget,
  RegisterTargetsRequest,
  RsWeightRule,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  app,
  type BackendsTestCloud,
  place,
  sale,
  shop,
  startBackendsTestCloud,
} from '@/testing/sandbox/services/clb/backends-test-cloud';

let backends: BackendsTestCloud;
let clb: BackendsTestCloud['clb'];
beforeAll(async () => {
  backends = await startBackendsTestCloud();
  clb = backends.clb;
});
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

const web1 = { InstanceId: 'ins-web00001', Port: 8080 };
const web2 = { InstanceId: 'ins-web00002', Port: 8080 };

/** Returns `instance:port` → weight of a rule, or of a layer-4 listener. */
async function weights(at: { LoadBalancerId: string; ListenerId: string; LocationId?: string }) {
  const { Listeners: [found] = [] } = await clb.DescribeTargets({
    LoadBalancerId: at.LoadBalancerId,
    ListenerIds: [at.ListenerId],
  });
  const rule = found?.Rules?.find((each) => each.LocationId === at.LocationId);
  const targets = (rule ?? found)?.Targets ?? [];
  return Object.fromEntries(targets.map((each) => [`${each.InstanceId}:${each.Port}`, each.Weight]));
}

const usual = { 'ins-web00001:8080': 10, 'ins-web00002:8080': 10 };

describe('RegisterTargets', () => {
  test('registers on a rule by id, by domain and URL, and on a layer-4 listener', async () => {
    expect(
      await backends.settle(clb.RegisterTargets({ ...app, Targets: [{ ...web1, Weight: 0, Tag: 'blue' }] })),
    ).toBe(0);
    const byName = { ...place.https, Domain: 'app.example.com', Url: '/api' };
    expect(await backends.settle(clb.RegisterTargets({ ...byName, Targets: [web2] }))).toBe(0);
    const byIp = { EniIp: '127.102.100.2', Port: 9000 };
    expect(await backends.settle(clb.RegisterTargets({ ...place.tcp, Targets: [byIp] }))).toBe(0);
    expect(await weights(app)).toEqual({ 'ins-web00001:8080': 0 });
    expect(await weights({ ...place.https, LocationId: 'loc-api00001' })).toEqual({
      'ins-web00002:8080': 10,
    });
    expect(await weights(place.tcp)).toEqual({ 'ins-web00002:9000': 10 });
    const { Listeners: tagged } = await clb.DescribeTargets({
      LoadBalancerId: 'lb-cvm00001',
      Filters: [{ Name: 'tag', Values: ['blue'] }],
    });
    expect(tagged?.flatMap((each) => each.Rules ?? []).flatMap((each) => each.Targets ?? [])).toMatchObject([
      { InstanceId: 'ins-web00001', Tag: 'blue' },
    ]);
  });

  test.each<[string, RegisterTargetsRequest, string]>([
    ['no rule named', { ...place.https, Targets: [web1] }, 'MissingParameter'],
    [
      'an unknown rule',
      { ...place.https, LocationId: 'loc-none', Targets: [web1] },
      'InvalidParameter.LocationNotFound',
    ],
    ['no targets', { ...app, Targets: [] }, 'InvalidParameterValue.Length'],
    [
      'too many',
      { ...app, Targets: Array.from({ length: 21 }, (_, n) => ({ ...web1, Port: n + 1 })) },
      'InvalidParameterValue.Length',
    ],
    ['a target twice', { ...app, Targets: [web1, web1] }, 'InvalidParameterValue.Duplicate'],
    ['one that is there', { ...shop, Targets: [web1] }, 'InvalidParameterValue.Duplicate'],
    ['port 0', { ...app, Targets: [{ ...web1, Port: 0 }] }, 'InvalidParameterValue'],
    ['weight 101', { ...app, Targets: [{ ...web1, Weight: 101 }] }, 'InvalidParameterValue'],
    ['id and address', { ...app, Targets: [{ ...web1, EniIp: '127.102.100.1' }] }, 'InvalidParameterValue'],
    ['neither', { ...app, Targets: [{ Port: 80 }] }, 'InvalidParameterValue'],
    [
      'an unknown server',
      { ...app, Targets: [{ InstanceId: 'ins-none', Port: 80 }] },
      'InvalidParameterValue',
    ],
    [
      'a server of another VPC',
      { ...app, Targets: [{ InstanceId: 'ins-far00001', Port: 80 }] },
      'InvalidParameterValue',
    ],
    ['a listener of target groups', { ...place.groups, Targets: [web1] }, 'InvalidParameterValue'],
  ])('refuses %s', async (_, request, code) => {
    const { code: is } = await backends.refused(() => clb.RegisterTargets(request));
    expect(is).toBe(code);
  });

  test('binds across VPCs if the load balancer does', async () => {
    Object.assign(backends.account.loadBalancers['lb-cvm00001'] ?? {}, { snatPro: true });
    const target = { EniIp: '127.102.200.1', Port: 80 };
    expect(await backends.settle(clb.RegisterTargets({ ...app, Targets: [target] }))).toBe(0);
  });

  test('allows 100 servers on a rule', async () => {
    for (let first = 1; first <= 100; first += 20) {
      const targets = Array.from({ length: 20 }, (_, n) => ({ ...web1, Port: first + n }));
      expect(await backends.settle(clb.RegisterTargets({ ...app, Targets: targets }))).toBe(0);
    }
    const { code } = await backends.refused(() => clb.RegisterTargets({ ...app, Targets: [web2] }));
    expect(code).toBe('LimitExceeded');
  });
});

describe('assumptions about duplicate and missing targets', () => {
  test('let the call ignore them', async () => {
    backends.assume('targets.registeredAgain', 'ignored');
    backends.assume('targets.deregisteredAbsent', 'ignored');
    const more = { InstanceId: 'ins-web00001', Port: 9090 };
    expect(
      await backends.settle(clb.RegisterTargets({ ...shop, Targets: [{ ...web1, Weight: 1 }, more] })),
    ).toBe(0);
    expect(await weights(shop)).toEqual({ ...usual, 'ins-web00001:9090': 10 });
    const absent = { InstanceId: 'ins-web00001', Port: 1 };
    expect(await backends.settle(clb.DeregisterTargets({ ...shop, Targets: [absent, more] }))).toBe(0);
    expect(await backends.settle(clb.DeregisterTargets({ ...shop, Targets: [absent] }))).toBe(0);
    expect(await weights(shop)).toEqual(usual);
  });
});

describe('weights and ports', () => {
  test('prefers a target’s own weight to the call’s, and that to 10', async () => {
    const both = { ...shop, Weight: 30, Targets: [{ ...web1, Weight: 0 }, web2] };
    expect(await backends.settle(clb.ModifyTargetWeight(both))).toBe(0);
    expect(await weights(shop)).toEqual({ 'ins-web00001:8080': 0, 'ins-web00002:8080': 30 });
    expect(await backends.settle(clb.ModifyTargetWeight({ ...shop, Targets: [web1] }))).toBe(0);
    expect(await weights(shop)).toEqual({ 'ins-web00001:8080': 10, 'ins-web00002:8080': 30 });
    expect(await weights(sale)).toEqual(usual);
  });

  test('checks a new port from the start', async () => {
    expect(await backends.settle(clb.ModifyTargetPort({ ...shop, Targets: [web1], NewPort: 9090 }))).toBe(0);
    expect(await weights(shop)).toEqual({ 'ins-web00001:9090': 10, 'ins-web00002:8080': 10 });
    const health = async () => {
      const { LoadBalancers: found } = await clb.DescribeTargetHealth({
        LoadBalancerIds: ['lb-cvm00001'],
        LocationIds: ['loc-shop0001'],
      });
      const rules = found?.flatMap((each) => each.Listeners ?? []).flatMap((each) => each.Rules ?? []);
      return rules?.flatMap((each) => each.Targets ?? []).map((each) => each.HealthStatusDetail);
    };
    expect(await health()).toEqual(['Unknown', 'Alive']);
    backends.cloud.clock.advance(15_000);
    expect(await health()).toEqual(['Alive', 'Alive']);
  });

  test('refusals', async () => {
    const { clb: client } = backends;
    const none = { InstanceId: 'ins-web00001', Port: 1 };
    const code = async (call: () => Promise<unknown>) => (await backends.refused(call)).code;
    expect(await code(() => client.ModifyTargetWeight({ ...shop, Targets: [none] }))).toBe(
      'InvalidParameterValue',
    );
    expect(await code(() => client.ModifyTargetWeight({ ...shop, Targets: [web1], Weight: 101 }))).toBe(
      'InvalidParameterValue',
    );
    expect(await code(() => client.ModifyTargetPort({ ...shop, Targets: [web1], NewPort: 65536 }))).toBe(
      'InvalidParameterValue',
    );
    expect(await code(() => client.ModifyTargetPort({ ...shop, Targets: [none], NewPort: 80 }))).toBe(
      'InvalidParameterValue',
    );
    await backends.settle(client.RegisterTargets({ ...shop, Targets: [none] }));
    expect(await code(() => client.ModifyTargetPort({ ...shop, Targets: [none], NewPort: 8080 }))).toBe(
      'InvalidParameterValue.Duplicate',
    );
    expect(await code(() => client.ModifyTargetPort({ ...shop, Targets: [none, web1], NewPort: 80 }))).toBe(
      'InvalidParameterValue.Duplicate',
    );
    expect(await code(() => client.DeregisterTargets({ ...shop, Targets: [{ ...none, Port: 2 }] }))).toBe(
      'InvalidParameterValue',
    );
    expect(await backends.settle(client.DeregisterTargets({ ...shop, Targets: [none, web1] }))).toBe(0);
    expect(await weights(shop)).toEqual({ 'ins-web00002:8080': 10 });
  });
});

describe('batches', () => {
  const { LoadBalancerId: id } = place.http;
  const onTcp = { ListenerId: place.tcp.ListenerId };
  const onApp = { ListenerId: place.https.ListenerId, LocationId: 'loc-app00001' };
  const onShop = { ListenerId: place.http.ListenerId, LocationId: 'loc-shop0001' };

  test('register and deregister at several places in one task', async () => {
    const targets = [
      { ...onTcp, ...web1, Weight: 5 },
      { ...onApp, ...web1 },
      { ...onApp, ...web2 },
    ];
    const answer = await clb.BatchRegisterTargets({ LoadBalancerId: id, Targets: targets });
    expect(answer).toMatchObject({ FailListenerIdSet: [], Message: '' });
    backends.cloud.clock.advance(1000);
    expect(await weights(place.tcp)).toEqual({ 'ins-web00001:8080': 5 });
    expect(await weights(app)).toEqual(usual);
    const gone = await clb.BatchDeregisterTargets({ LoadBalancerId: id, Targets: targets });
    expect(gone).toMatchObject({ FailListenerIdSet: [], Message: '' });
    backends.cloud.clock.advance(1000);
    expect([await weights(place.tcp), await weights(app)]).toEqual([{}, {}]);
  });

  test('fails only a listener with a bad target, and names it', async () => {
    const targets = [
      { ...onShop, InstanceId: 'ins-web00001', Port: 9090 },
      { ...onShop, ...web1 },
      { ...onApp, ...web1 },
    ];
    expect(await clb.BatchRegisterTargets({ LoadBalancerId: id, Targets: targets })).toMatchObject({
      FailListenerIdSet: ['lbl-cvm00001'],
      Message: 'lbl-cvm00001: The target ins-web00001:8080 is registered already.',
    });
    backends.cloud.clock.advance(1000);
    expect(await weights(shop)).toEqual(usual);
    expect(await weights(app)).toEqual({ 'ins-web00001:8080': 10 });
    const absent = [
      { ...onTcp, ...web1 },
      { ...onApp, ...web1 },
    ];
    expect(await clb.BatchDeregisterTargets({ LoadBalancerId: id, Targets: absent })).toMatchObject({
      FailListenerIdSet: ['lbl-tcp00001'],
    });
  });

  test('returns a response without a task when everything fails', async () => {
    const targets = [{ ...onTcp, InstanceId: 'ins-far00001', Port: 80 }];
    const answer = await clb.BatchRegisterTargets({ LoadBalancerId: id, Targets: targets });
    expect(answer.FailListenerIdSet).toEqual(['lbl-tcp00001']);
    expect(backends.account.tasks).toEqual({});
  });

  test('sets weights of several rules in one task, preferring a target’s own to its rule’s', async () => {
    const list = [
      { ...onShop, Weight: 0, Targets: [web1, { ...web2, Weight: 40 }] },
      { ListenerId: place.http.ListenerId, LocationId: 'loc-sale0001', Targets: [web1], Weight: 7 },
    ];
    expect(await backends.settle(clb.BatchModifyTargetWeight({ LoadBalancerId: id, ModifyList: list }))).toBe(
      0,
    );
    expect(await weights(shop)).toEqual({ 'ins-web00001:8080': 0, 'ins-web00002:8080': 40 });
    expect(await weights(sale)).toEqual({ 'ins-web00001:8080': 7, 'ins-web00002:8080': 10 });
    const [task] = Object.values(backends.account.tasks);
    expect(task?.action).toBe('BatchModifyTargetWeight');
  });

  test('refusals', async () => {
    const code = async (call: () => Promise<unknown>) => (await backends.refused(call)).code;
    const register = (targets: BatchTarget[], given: { LoadBalancerId?: string } = {}) =>
      code(() => clb.BatchRegisterTargets({ LoadBalancerId: id, Targets: targets, ...given }));
    expect(await register([])).toBe('InvalidParameterValue.Length');
    expect(await register(Array.from({ length: 501 }, () => ({ ...onTcp, ...web1 })))).toBe(
      'InvalidParameterValue.Length',
    );
    expect(await register([{ ...onTcp, ...web1, Port: 0 }])).toBe('InvalidParameter.PortCheckFailed');
    expect(await register([{ ...web1, ListenerId: 'lbl-none' }])).toBe('InvalidParameter.ListenerIdNotFound');
    expect(await register([{ ...onApp, ...web1, LocationId: 'loc-none' }])).toBe(
      'InvalidParameter.LocationNotFound',
    );
    expect(await register([{ ...onTcp, ...web1 }], { LoadBalancerId: 'lb-none' })).toBe(
      'InvalidParameter.LBIdNotFound',
    );
    const weigh = (list: RsWeightRule[]) =>
      code(() => clb.BatchModifyTargetWeight({ LoadBalancerId: id, ModifyList: list }));
    const item = { ...onShop, Targets: [web1] };
    expect(await weigh(Array.from({ length: 101 }, () => item))).toBe('InvalidParameterValue.Length');
    expect(await weigh([{ ...item, Targets: Array.from({ length: 51 }, () => web1) }])).toBe(
      'InvalidParameterValue.Length',
    );
    expect(
      await weigh(
        Array.from({ length: 11 }, () => ({ ...item, Targets: Array.from({ length: 50 }, () => web1) })),
      ),
    ).toBe('InvalidParameterValue.Length');
    expect(await weigh([item, item])).toBe('InvalidParameterValue.Duplicate');
    expect(await weigh([{ ...onApp, Targets: [web1] }])).toBe('InvalidParameterValue');
    Object.assign(backends.account.loadBalancers[id] ?? {}, { vpcId: '0' });
    expect(await register([{ ...onTcp, ...web1 }])).toBe('InvalidParameterValue');
    Object.assign(backends.account.loadBalancers[id] ?? {}, { forward: 0 });
    expect(await weigh([item])).toBe('InvalidParameterValue');
  });
});

describe('DescribeTargets', () => {
  test('filters by rule, address, protocol and port; refuses others', async () => {
    const find = async (given: object) => {
      const { Listeners: found } = await clb.DescribeTargets({ LoadBalancerId: 'lb-cvm00001', ...given });
      return found?.map((each) => [
        each.ListenerId,
        each.Rules?.map((rule) => rule.LocationId),
        each.Rules?.[0]?.Targets?.length,
      ]);
    };
    expect(await find({ Protocol: 'HTTPS' })).toEqual([
      ['lbl-tls00001', ['loc-app00001', 'loc-api00001'], 0],
    ]);
    expect(await find({ Port: 7000 })).toEqual([['lbl-tcp00001', [], undefined]]);
    const address = { Name: 'private-ip-address', Values: ['127.102.100.2'] };
    const one = { Name: 'location-id', Values: ['loc-sale0001'] };
    expect(await find({ ListenerIds: ['lbl-cvm00001'], Filters: [one, address] })).toEqual([
      ['lbl-cvm00001', ['loc-sale0001'], 1],
    ]);
    const bad = await backends.refused(() => find({ Filters: [{ Name: 'zone', Values: ['a'] }] }));
    expect(bad.code).toBe('InvalidParameterValue.InvalidFilter');
    const many = await backends.refused(() =>
      find({ ListenerIds: Array.from({ length: 21 }, () => 'lbl-cvm00001') }),
    );
    expect(many.code).toBe('InvalidParameterValue.Length');
  });
});
