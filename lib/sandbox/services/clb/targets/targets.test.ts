import type { RegisterTargetsRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  app,
  place,
  sale,
  shop,
  startBackendsTestCloud,
} from '@/testing/sandbox/services/clb/backends-test-cloud';

const backends = await startBackendsTestCloud();
const { clb } = backends;
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

describe('weights', () => {
  test('prefers a target’s own weight to the call’s, and that to 10', async () => {
    const both = { ...shop, Weight: 30, Targets: [{ ...web1, Weight: 0 }, web2] };
    expect(await backends.settle(clb.ModifyTargetWeight(both))).toBe(0);
    expect(await weights(shop)).toEqual({ 'ins-web00001:8080': 0, 'ins-web00002:8080': 30 });
    expect(await backends.settle(clb.ModifyTargetWeight({ ...shop, Targets: [web1] }))).toBe(0);
    expect(await weights(shop)).toEqual({ 'ins-web00001:8080': 10, 'ins-web00002:8080': 30 });
    expect(await weights(sale)).toEqual(usual);
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
    await backends.settle(client.RegisterTargets({ ...shop, Targets: [none] }));
    expect(await code(() => client.DeregisterTargets({ ...shop, Targets: [{ ...none, Port: 2 }] }))).toBe(
      'InvalidParameterValue',
    );
    expect(await backends.settle(client.DeregisterTargets({ ...shop, Targets: [none, web1] }))).toBe(0);
    expect(await weights(shop)).toEqual({ 'ins-web00002:8080': 10 });
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
