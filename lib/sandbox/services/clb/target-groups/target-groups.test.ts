import type { CreateTargetGroupRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  startTargetGroupsTestCloud,
  type TargetGroupsTestCloud,
  VpcId,
  v2,
  web1,
  weightless,
} from '@/testing/sandbox/services/clb/target-groups-test-cloud';

let backends: TargetGroupsTestCloud['backends'];
let clb: TargetGroupsTestCloud['clb'];
let codeOf: TargetGroupsTestCloud['codeOf'];
let create: TargetGroupsTestCloud['create'];
let groups: TargetGroupsTestCloud['groups'];
let instances: TargetGroupsTestCloud['instances'];
beforeAll(async () => {
  ({ backends, clb, codeOf, create, groups, instances } = await startTargetGroupsTestCloud());
});
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

describe('groups', () => {
  test('creates a v1 group at once, with null for the fields it does not have', async () => {
    const id = await create({
      Port: 80,
      Tags: [{ TagKey: 'team', TagValue: 'web' }],
      TargetGroupInstances: [{ ...web1, Weight: 3 }],
    });
    expect(id).toMatch(/^lbtg-[0-9a-z]{8}$/);
    expect(await groups()).toMatchObject([
      {
        TargetGroupId: id,
        TargetGroupName: 'pool',
        VpcId,
        Port: 80,
        TargetGroupType: 'v1',
        Protocol: null,
        ScheduleAlgorithm: null,
        HealthCheck: null,
        Weight: null,
        AssociatedRule: [],
        AssociatedRuleCount: 0,
        RegisteredInstancesCount: 1,
        Tag: [{ TagKey: 'team', TagValue: 'web' }],
        IpVersion: 'IPv4',
      },
    ]);
    expect(await instances(id)).toEqual(['ins-web00001:8080=3']);
  });

  test.each([{}, { Port: 0 }])(
    'requires no port for a v2 group: its servers have their own (%j)',
    async (port) => {
      const { Port: _, ...without } = v2;
      const id = await create({ ...without, ...port });
      expect(await groups({ TargetGroupIds: [id] })).toMatchObject([{ Port: 0, TargetGroupType: 'v2' }]);
      const register = (instance: typeof web1) =>
        clb.RegisterTargetGroupInstances({ TargetGroupId: id, TargetGroupInstances: [instance] });
      expect(await backends.settle(register({ ...web1, Port: 8081 }))).toBe(0);
      expect(await instances(id)).toEqual(['ins-web00001:8081=20']);
      expect(await codeOf(() => register({ ...web1, Port: 0 }))).toBe('MissingParameter');
    },
  );

  test('accepts port 0 for a full-listening group, which means none', async () => {
    const { Port: _, ...without } = v2;
    const id = await create({ ...without, Protocol: 'TCP', FullListenSwitch: true, Port: 0 });
    expect(await groups({ TargetGroupIds: [id] })).toMatchObject([{ Port: 0, FullListenSwitch: true }]);
  });

  test('gives a v2 group its own protocol, scheduler, check and default weight', async () => {
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
        Protocol: 'HTTP',
        ScheduleAlgorithm: 'LEAST_CONN',
        Weight: 20,
        SessionExpireTime: 60,
        TargetGroupType: 'v2',
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

  test('filters and pages lists; ids and filters exclude each other in one, ids take precedence in the other', async () => {
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

  test('uses the default VPC when none is given', async () => {
    expect(await codeOf(() => clb.CreateTargetGroup({ TargetGroupName: 'pool' }))).toBe(
      'InvalidParameterValue',
    );
    Object.assign(backends.account.vpcs[VpcId] ?? {}, { isDefault: true });
    const { TargetGroupId: id = '' } = await clb.CreateTargetGroup({});
    expect(await groups({ TargetGroupIds: [id] })).toMatchObject([{ VpcId, TargetGroupName: id }]);
  });
});
