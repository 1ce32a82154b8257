import type {
  CreateTargetGroupRequest,
  TargetGroupAssociation,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { app, type BackendsTestCloud, place, shop, startBackendsTestCloud } from './backends-test-cloud';

let backends: BackendsTestCloud;
let clb: BackendsTestCloud['clb'];
beforeEach(async () => {
  backends = await startBackendsTestCloud();
  clb = backends.clb;
});
afterEach(() => backends.cloud.plane.stop());

const VpcId = 'vpc-sinshop1';
const web1 = { BindIP: '127.102.100.1', Port: 8080 };
const web2 = { BindIP: '127.102.100.2', Port: 8080 };
const codeOf = async (call: () => Promise<unknown>) => (await backends.refused(call)).code;

async function create(given: CreateTargetGroupRequest = {}): Promise<string> {
  const answer = await clb.CreateTargetGroup({ TargetGroupName: 'pool', VpcId, ...given });
  return answer.TargetGroupId ?? '';
}
const weightless = { Type: 'v2', Protocol: 'HTTP', Port: 8080 };
const v2 = { ...weightless, Weight: 20 };

async function groups(given: object = {}) {
  return (await clb.DescribeTargetGroups(given)).TargetGroupSet ?? [];
}

async function instances(groupId: string, more: { Name: string; Values: string[] }[] = []) {
  const { TargetGroupInstanceSet: set } = await clb.DescribeTargetGroupInstances({
    Filters: [{ Name: 'TargetGroupId', Values: [groupId] }, ...more],
  });
  return set?.map((each) => `${each.InstanceId}:${each.Port}=${each.Weight}`);
}

describe('groups', () => {
  test('a v1 group is there at once, with what it does not have as null', async () => {
    const id = await create({
      Port: 80,
      Tags: [{ TagKey: 'team', TagValue: 'web' }],
      TargetGroupInstances: [{ ...web1, Weight: 3 }],
    });
    expect(id).toMatch(/^lbtg-[0-9a-z]{8}$/);
    expect(await groups()).toMatchObject([
      {
        ...{ TargetGroupId: id, TargetGroupName: 'pool', VpcId, Port: 80, TargetGroupType: 'v1' },
        ...{ Protocol: null, ScheduleAlgorithm: null, HealthCheck: null, Weight: null, AssociatedRule: [] },
        ...{
          AssociatedRuleCount: 0,
          RegisteredInstancesCount: 1,
          Tag: [{ TagKey: 'team', TagValue: 'web' }],
        },
        IpVersion: 'IPv4',
      },
    ]);
    expect(await instances(id)).toEqual(['ins-web00001:8080=3']);
  });

  test('a v2 group has protocol, scheduler, check and default weight of its own', async () => {
    const HealthCheck = { HealthSwitch: true, Timeout: 3, GapTime: 10, HttpCheckDomain: 'a.example.com' };
    const id = await create({
      ...v2,
      ScheduleAlgorithm: 'LEAST_CONN',
      SessionExpireTime: 60,
      HealthCheck,
      TargetGroupInstances: [{ BindIP: web1.BindIP }],
    });
    expect(await groups({ TargetGroupIds: [id] })).toMatchObject([
      {
        ...{
          Protocol: 'HTTP',
          ScheduleAlgorithm: 'LEAST_CONN',
          Weight: 20,
          SessionExpireTime: 60,
          TargetGroupType: 'v2',
        },
        HealthCheck: {
          HealthSwitch: true,
          Protocol: 'HTTP',
          Timeout: 3,
          GapTime: 10,
          GoodLimit: 3,
          BadLimit: 3,
          HttpCode: 31,
          HttpCheckDomain: 'a.example.com',
        },
      },
    ]);
    expect(await instances(id)).toEqual(['ins-web00001:8080=20']);
    const change = {
      TargetGroupName: 'other',
      ScheduleAlgorithm: 'WRR',
      Weight: 0,
      HealthCheck: { HealthSwitch: false },
    };
    await clb.ModifyTargetGroupAttribute({ TargetGroupId: id, ...change });
    expect(await groups({ TargetGroupIds: [id] })).toMatchObject([
      {
        TargetGroupName: 'other',
        ScheduleAlgorithm: 'WRR',
        Weight: 0,
        HealthCheck: { HealthSwitch: false, GapTime: 10 },
      },
    ]);
  });

  test('lists filter and page; ids and filters exclude each other in one, ids go first in the other', async () => {
    const first = await create({ TargetGroupName: 'first' });
    const second = await create({ TargetGroupName: 'second', Tags: [{ TagKey: 'team', TagValue: 'web' }] });
    const ids = async (given: object) => (await groups(given)).map((each) => each.TargetGroupId);
    const by = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });
    expect(await ids(by('TargetGroupName', 'second'))).toEqual([second]);
    expect(await ids(by('Tag', 'team:web'))).toEqual([second]);
    expect(await ids(by('TargetGroupVpcId', 'vpc-other'))).toEqual([]);
    expect(await ids({ Limit: 1, Offset: 1 })).toEqual([second]);
    const both = { TargetGroupIds: [first], ...by('TargetGroupName', 'second') };
    expect(await codeOf(() => groups(both))).toBe('InvalidParameter');
    expect(await codeOf(() => groups(by('Zone', 'a')))).toBe('InvalidParameterValue');
    const list = await clb.DescribeTargetGroupList(both);
    expect(list).toMatchObject({
      TotalCount: 1,
      TargetGroupSet: [{ TargetGroupId: first, AssociatedRule: null }],
    });
    const elsewhere = await backends.cloud
      .clients({ region: 'ap-guangzhou' })
      .clb.DescribeTargetGroupList({});
    expect(elsewhere.TotalCount).toBe(0);
  });

  test.each<[string, CreateTargetGroupRequest, string]>([
    ['an unknown VPC', { VpcId: 'vpc-none' }, 'InvalidParameterValue'],
    ['v2 without a protocol', { Type: 'v2' }, 'MissingParameter'],
    ['v1 with a protocol', { Protocol: 'HTTP' }, 'InvalidParameterValue'],
    ['v1 with a weight', { Weight: 10 }, 'InvalidParameterValue'],
    ['v1 with a check', { HealthCheck: { HealthSwitch: true } }, 'InvalidParameterValue'],
    ['a kind that is none', { Type: 'v3' }, 'InvalidParameterValue'],
    ['a scheduler on TCP', { ...v2, Protocol: 'TCP', ScheduleAlgorithm: 'WRR' }, 'InvalidParameterValue'],
    ['a session of 29 s', { ...v2, SessionExpireTime: 29 }, 'InvalidParameterValue'],
    [
      'codes of GRPC that are none',
      { ...v2, HealthCheck: { HealthSwitch: true, ExtendedCode: 'ok' } },
      'InvalidParameter.FormatError',
    ],
    ['kept connections on TCP', { ...v2, Protocol: 'TCP', KeepaliveEnable: true }, 'InvalidParameterValue'],
    ['a port of a full-listening group', { ...v2, FullListenSwitch: true }, 'InvalidParameterValue'],
    ['IPv6', { IpVersion: 'IPv6' }, 'InvalidParameterValue'],
    [
      'a check of another kind',
      { ...v2, HealthCheck: { HealthSwitch: true, Protocol: 'PING' } },
      'InvalidParameterValue',
    ],
    [
      'a check slower than its interval',
      { ...v2, HealthCheck: { HealthSwitch: true, Timeout: 5, GapTime: 5 } },
      'InvalidParameterValue',
    ],
    [
      'a custom check without texts',
      { ...v2, Protocol: 'TCP', HealthCheck: { HealthSwitch: true, Protocol: 'CUSTOM' } },
      'MissingParameter',
    ],
    ['a server without a port', { TargetGroupInstances: [{ BindIP: web1.BindIP }] }, 'MissingParameter'],
    ['a server without a weight', { ...weightless, TargetGroupInstances: [web1] }, 'MissingParameter'],
    [
      'a server of another VPC',
      { TargetGroupInstances: [{ ...web1, BindIP: '127.102.200.1' }] },
      'InvalidParameterValue',
    ],
    ['a name of 81 characters', { TargetGroupName: 'x'.repeat(81) }, 'InvalidParameterValue'],
    ['a name with an emoji', { TargetGroupName: 'pool 🎉' }, 'InvalidParameter.FormatError'],
  ])('refuses %s', async (_, given, code) => {
    expect(await codeOf(() => create(given))).toBe(code);
  });

  test('without a VPC it is the default one', async () => {
    expect(await codeOf(() => clb.CreateTargetGroup({ TargetGroupName: 'pool' }))).toBe(
      'InvalidParameterValue',
    );
    Object.assign(backends.account.vpcs[VpcId] ?? {}, { isDefault: true });
    const { TargetGroupId: id = '' } = await clb.CreateTargetGroup({});
    expect(await groups({ TargetGroupIds: [id] })).toMatchObject([{ VpcId, TargetGroupName: id }]);
  });
});

describe('servers of a group', () => {
  test('join, change and leave, each in a task', async () => {
    const TargetGroupId = await create({ Port: 80 });
    const on = (...list: object[]) => ({
      TargetGroupId,
      TargetGroupInstances: list.map((each) => ({ BindIP: '', ...each })),
    });
    expect(
      await backends.settle(
        clb.RegisterTargetGroupInstances(on({ BindIP: web1.BindIP }, { ...web2, Weight: 4 })),
      ),
    ).toBe(0);
    expect(await instances(TargetGroupId)).toEqual(['ins-web00001:80=10', 'ins-web00002:8080=4']);
    expect(await backends.settle(clb.ModifyTargetGroupInstancesWeight(on({ ...web2, Weight: 55 })))).toBe(0);
    expect(
      await backends.settle(clb.ModifyTargetGroupInstancesPort(on({ ...web1, Port: 80, NewPort: 81 }))),
    ).toBe(0);
    expect(await instances(TargetGroupId)).toEqual(['ins-web00001:81=10', 'ins-web00002:8080=55']);
    expect(await instances(TargetGroupId, [{ Name: 'BindIP', Values: [web2.BindIP] }])).toEqual([
      'ins-web00002:8080=55',
    ]);
    expect(await instances(TargetGroupId, [{ Name: 'InstanceId', Values: ['ins-web00001'] }])).toEqual([
      'ins-web00001:81=10',
    ]);
    expect(await backends.settle(clb.DeregisterTargetGroupInstances(on({ ...web1, Port: 81 }, web2)))).toBe(
      0,
    );
    expect(await instances(TargetGroupId)).toEqual([]);
  });

  test('their health, of v1 as the rule says that forwards to them', async () => {
    const status = async (TargetGroupId: string, ips?: string[]) => {
      const answer = await clb.DescribeTargetGroupInstanceStatus({
        TargetGroupId,
        ...(ips && { TargetGroupInstanceIps: ips }),
      });
      return answer.TargetGroupInstanceSet?.map((each) => `${each.InstanceIp} ${each.Status}`);
    };
    const checked = await create({ ...v2, TargetGroupInstances: [web1, web2] });
    const old = await create({ TargetGroupInstances: [web1] });
    expect(await status(checked)).toEqual(['127.102.100.1 on', '127.102.100.2 on']);
    expect(await status(old)).toEqual(['127.102.100.1 off']);
    await backends.settle(clb.AssociateTargetGroups({ Associations: [{ ...app, TargetGroupId: old }] }));
    backends.cloud.clock.advance(15_000);
    expect(await status(old)).toEqual(['127.102.100.1 health']);
    expect(await status(checked, [web2.BindIP])).toEqual(['127.102.100.2 health']);
    backends.assume('targetGroup.status', 'refused');
    expect(await codeOf(() => status(checked))).toBe('FailedOperation');
  });

  test('one task at a time works on a group', async () => {
    const TargetGroupId = await create();
    await clb.RegisterTargetGroupInstances({ TargetGroupId, TargetGroupInstances: [web1] });
    const second = { TargetGroupId, TargetGroupInstances: [web2] };
    expect(await backends.refused(() => clb.RegisterTargetGroupInstances(second))).toEqual({
      code: 'FailedOperation.ResourceInOperating',
      message:
        'Your task is working (BindTargetGroupDevice). Pls wait for the task to complete and try again.',
    });
    expect(await codeOf(() => clb.DeleteTargetGroups({ TargetGroupIds: [TargetGroupId] }))).toBe(
      'FailedOperation.ResourceInOperating',
    );
    backends.cloud.clock.advance(1000);
    expect(await backends.settle(clb.RegisterTargetGroupInstances(second))).toBe(0);
  });

  test('a task on a group works on the load balancers that forward to it', async () => {
    const TargetGroupId = await create();
    await backends.settle(clb.AssociateTargetGroups({ Associations: [{ ...app, TargetGroupId }] }));
    const { RequestId: id = '' } = await clb.RegisterTargetGroupInstances({
      TargetGroupId,
      TargetGroupInstances: [web1],
    });
    expect((await clb.DescribeTaskStatus({ TaskId: id })).LoadBalancerIds).toEqual(['lb-cvm00001']);
    const rule = { ...place.http, Rules: [{ Domain: 'b.example.com', Url: '/' }] };
    expect(await codeOf(() => clb.CreateRule(rule))).toBe('FailedOperation.ResourceInOperating');
  });

  test('refusals', async () => {
    const TargetGroupId = await create({ TargetGroupInstances: [web1] });
    const on = (...list: object[]) => ({
      TargetGroupId,
      TargetGroupInstances: list.map((each) => ({ BindIP: '', ...each })),
    });
    expect(await codeOf(() => clb.RegisterTargetGroupInstances(on(web1)))).toBe(
      'InvalidParameterValue.Duplicate',
    );
    expect(await codeOf(() => clb.RegisterTargetGroupInstances(on(web2, web2)))).toBe(
      'InvalidParameterValue.Duplicate',
    );
    expect(await codeOf(() => clb.RegisterTargetGroupInstances(on()))).toBe('InvalidParameterValue');
    expect(
      await codeOf(() => clb.RegisterTargetGroupInstances({ ...on(web2), TargetGroupId: 'lbtg-none' })),
    ).toBe('InvalidParameterValue');
    expect(await codeOf(() => clb.DeregisterTargetGroupInstances(on({ BindIP: web1.BindIP })))).toBe(
      'MissingParameter',
    );
    expect(await codeOf(() => clb.DeregisterTargetGroupInstances(on(web2)))).toBe('InvalidParameterValue');
    expect(await codeOf(() => clb.ModifyTargetGroupInstancesWeight(on(web1)))).toBe('MissingParameter');
    expect(await codeOf(() => clb.ModifyTargetGroupInstancesWeight(on({ ...web1, Weight: 101 })))).toBe(
      'InvalidParameterValue',
    );
    expect(await codeOf(() => clb.ModifyTargetGroupInstancesPort(on(web1)))).toBe('MissingParameter');
    expect(await codeOf(() => clb.ModifyTargetGroupInstancesPort(on({ ...web1, NewPort: 65536 })))).toBe(
      'InvalidParameterValue',
    );
    expect(await codeOf(() => clb.ModifyTargetGroupAttribute({ TargetGroupId }))).toBe('MissingParameter');
  });
});

describe('groups behind rules', () => {
  const associate = (...list: TargetGroupAssociation[]) => clb.AssociateTargetGroups({ Associations: list });
  const leave = (...list: TargetGroupAssociation[]) => clb.DisassociateTargetGroups({ Associations: list });
  const rest = (id: string) => ({ ...place.idle, TargetGroupId: id });

  test('one task over several load balancers; the group is shown at rule and listener, and they at the group', async () => {
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

  test('a rule takes several v2 groups by weight, one of v1', async () => {
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

  test('a rule that its last group leaves may keep its kind, as assumed', async () => {
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

  test('a full-listening group stands behind a listener of a port range', async () => {
    const group = await create({
      Type: 'v2',
      Protocol: 'TCP',
      Weight: 10,
      FullListenSwitch: true,
      TargetGroupInstances: [{ BindIP: web1.BindIP }],
    });
    expect(await instances(group)).toEqual(['ins-web00001:0=10']);
    expect(await codeOf(() => associate({ ...place.tcp, TargetGroupId: group }))).toBe(
      'InvalidParameterValue',
    );
    const tcp = backends.account.loadBalancers['lb-cvm00001']?.listeners.find((each) => each.port === 7000);
    Object.assign(tcp ?? {}, { endPort: 7000 });
    expect(await backends.settle(associate({ ...place.tcp, TargetGroupId: group }))).toBe(0);
  });
});
