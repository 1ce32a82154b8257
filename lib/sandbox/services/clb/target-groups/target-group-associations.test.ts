import type { TargetGroupAssociation } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { app, place, shop } from '@/testing/sandbox/services/clb/backends-test-cloud';
import {
  startTargetGroupsTestCloud,
  v2,
  web1,
} from '@/testing/sandbox/services/clb/target-groups-test-cloud';

const { backends, clb, codeOf, create, groups, instances } = await startTargetGroupsTestCloud();
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

describe('groups behind rules', () => {
  const associate = (...list: TargetGroupAssociation[]) => clb.AssociateTargetGroups({ Associations: list });
  const leave = (...list: TargetGroupAssociation[]) => clb.DisassociateTargetGroups({ Associations: list });
  const rest = (id: string) => ({ ...place.idle, TargetGroupId: id });

  test('runs one task over several load balancers, and lists the group at the rule or listener and vice versa', async () => {
    const group = await create({ TargetGroupInstances: [web1] });
    const write = associate({ ...app, TargetGroupId: group }, rest(group), {
      ...place.groups,
      TargetGroupId: group,
    });
    const { RequestId: id = '' } = await write;
    expect((await clb.DescribeTaskStatus({ TaskId: id })).LoadBalancerIds).toEqual([
      'lb-cvm00001',
      'lb-scf00001',
    ]);
    backends.cloud.clock.advance(1000);
    expect((await groups())[0]?.AssociatedRule).toMatchObject([
      {
        LoadBalancerId: 'lb-cvm00001',
        ListenerId: 'lbl-tls00001',
        LocationId: 'loc-app00001',
        Protocol: 'HTTPS',
        Port: 443,
        Domain: 'app.example.com',
        Url: '/',
      },
      { ListenerId: 'lbl-grp00001', LocationId: null, Domain: null, Url: null },
      { LoadBalancerId: 'lb-scf00001', LocationId: 'loc-idle0001' },
    ]);
    const { Listeners: [tls] = [] } = await clb.DescribeListeners({
      LoadBalancerId: 'lb-cvm00001',
      ListenerIds: ['lbl-tls00001'],
    });
    expect(tls?.Rules?.[0]).toMatchObject({
      TargetType: 'TARGETGROUP',
      TargetGroup: { TargetGroupId: group, TargetGroupName: 'pool' },
    });
    const server = { ...app, Targets: [{ InstanceId: 'ins-web00001', Port: 80 }] };
    expect(await codeOf(() => clb.RegisterTargets(server))).toBe('InvalidParameterValue');
    expect(await codeOf(() => clb.DeleteTargetGroups({ TargetGroupIds: [group] }))).toBe('FailedOperation');
    expect(
      await backends.settle(
        leave({ ...app, TargetGroupId: group }, rest(group), { ...place.groups, TargetGroupId: group }),
      ),
    ).toBe(0);
    expect(await backends.settle(clb.RegisterTargets(server))).toBe(0);
    await clb.DeleteTargetGroups({ TargetGroupIds: [group] });
    expect(await groups()).toEqual([]);
  });

  test('allows one task at a time on a group', async () => {
    const group = await create();
    await associate({ ...app, TargetGroupId: group });
    expect(await backends.refused(() => associate(rest(group)))).toEqual({
      code: 'FailedOperation.ResourceInOperating',
      message:
        'Your task is working (AssociateTargetGroups). Pls wait for the task to complete and try again.',
    });
    backends.cloud.clock.advance(1000);
    expect(await backends.settle(associate(rest(group)))).toBe(0);
  });

  test('allows several v2 groups by weight on a rule, or one of v1', async () => {
    const [a, b] = [await create(v2), await create(v2)];
    expect(
      await backends.settle(
        associate({ ...app, TargetGroupId: a, Weight: 70 }, { ...app, TargetGroupId: b }),
      ),
    ).toBe(0);
    const { Listeners: [tls] = [] } = await clb.DescribeListeners({
      LoadBalancerId: 'lb-cvm00001',
      ListenerIds: ['lbl-tls00001'],
    });
    expect(tls?.Rules?.[0]?.TargetGroupList).toMatchObject([
      { TargetGroupId: a, Weight: 70 },
      { TargetGroupId: b, Weight: 10 },
    ]);
    expect(tls?.Rules?.[0]?.TargetType).toBe('TARGETGROUP-V2');
    const old = await create();
    expect(await codeOf(() => associate({ ...app, TargetGroupId: old }))).toBe('InvalidParameterValue');
    expect(await backends.settle(leave({ ...app, TargetGroupId: a }))).toBe(0);
    const more = await create();
    const api = { ...app, LocationId: 'loc-api00001' };
    expect(
      await codeOf(() => associate({ ...api, TargetGroupId: old }, { ...api, TargetGroupId: more })),
    ).toBe('LimitExceeded');
  });

  test('lets a rule keep its kind after its last group is removed, as assumed', async () => {
    backends.assume('targetGroup.leftRule', 'kept');
    const group = await create();
    await backends.settle(associate({ ...app, TargetGroupId: group }));
    await backends.settle(leave({ ...app, TargetGroupId: group }));
    expect(backends.account.loadBalancers['lb-cvm00001']?.listeners[1]?.rules[0]?.targetType).toBe(
      'TARGETGROUP',
    );
  });

  test('refusals', async () => {
    const [old, http, tcp] = [await create(), await create(v2), await create({ ...v2, Protocol: 'TCP' })];
    const code = (...list: TargetGroupAssociation[]) => codeOf(() => associate(...list));
    const { LocationId: _, ...noRule } = app;
    const { ListenerId: __, ...noListener } = noRule;
    expect(await code({ ...noListener, TargetGroupId: old })).toBe('MissingParameter');
    expect(await code({ ...noRule, TargetGroupId: old })).toBe('MissingParameter');
    expect(await code({ ...app, TargetGroupId: 'lbtg-none' })).toBe('InvalidParameterValue');
    expect(await code({ ...shop, TargetGroupId: old })).toBe('InvalidParameterValue');
    expect(await code({ ...app, TargetGroupId: tcp })).toBe('InvalidParameterValue');
    expect(await code({ ...app, TargetGroupId: old }, rest(http))).toBe('InvalidParameterValue');
    expect(await code({ ...app, TargetGroupId: http, Weight: 101 })).toBe('InvalidParameterValue');
    expect(await code({ ...app, TargetGroupId: http }, { ...app, TargetGroupId: http })).toBe(
      'InvalidParameterValue.Duplicate',
    );
    expect(await backends.refused(() => associate({ ...place.tcp, TargetGroupId: old }))).toEqual({
      code: 'FailedOperation',
      message: 'listenerId lbl-tcp00001 not in targetgroup mode',
    });
    expect(await codeOf(() => leave({ ...app, TargetGroupId: old }))).toBe('InvalidParameterValue');
    expect(await codeOf(() => associate())).toBe('InvalidParameterValue');
    Object.assign(backends.account.targetGroups[old] ?? {}, { vpcId: 'vpc-far00001' });
    expect(await code({ ...app, TargetGroupId: old })).toBe('InvalidParameterValue');
  });

  test('associates a full-listening group with a listener with a port range', async () => {
    const group = await create({
      Type: 'v2',
      Protocol: 'TCP',
      Weight: 10,
      FullListenSwitch: true,
      TargetGroupInstances: [{ BindIP: web1.BindIP }],
    });
    expect(instances(group)).toEqual(['ins-web00001:0=10']);
    expect(await codeOf(() => associate({ ...place.tcp, TargetGroupId: group }))).toBe(
      'InvalidParameterValue',
    );
    const tcp = backends.account.loadBalancers['lb-cvm00001']?.listeners.find((each) => each.port === 7000);
    Object.assign(tcp ?? {}, { endPort: 7000 });
    expect(await backends.settle(associate({ ...place.tcp, TargetGroupId: group }))).toBe(0);
  });
});
