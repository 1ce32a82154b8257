import type { CreateTargetGroupRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { app } from '@/testing/sandbox/services/clb/backends-test-cloud';
import {
  startTargetGroupsTestCloud,
  VpcId,
  v2,
  web1,
  web2,
  weightless,
} from '@/testing/sandbox/services/clb/target-groups-test-cloud';

const { backends, clb, codeOf, create, groups, instances } = await startTargetGroupsTestCloud();
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
    expect(instances(id)).toEqual(['ins-web00001:8080=3']);
  });

  test.each([{}, { Port: 0 }])(
    'requires no port for a v2 group: its servers have their own (%j)',
    async (port) => {
      const { Port: _, ...without } = v2;
      const id = await create({ ...without, ...port });
      expect(await groups({ TargetGroupIds: [id] })).toMatchObject([{ Port: 0, TargetGroupType: 'v2' }]);
      const filled = await create({
        ...without,
        ...port,
        TargetGroupInstances: [{ ...web1, Port: 8081 }],
      });
      expect(instances(filled)).toEqual(['ins-web00001:8081=20']);
      const portless = () => create({ ...without, ...port, TargetGroupInstances: [{ ...web1, Port: 0 }] });
      expect(await codeOf(portless)).toBe('MissingParameter');
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
    expect(instances(id)).toEqual(['ins-web00001:8080=20']);
  });

  test('filters and pages the list of the region; ids and filters exclude each other', async () => {
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
    const elsewhere = await backends.cloud.clients({ region: 'ap-guangzhou' }).clb.DescribeTargetGroups({});
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
    ['a server twice', { TargetGroupInstances: [web1, web1] }, 'InvalidParameterValue.Duplicate'],
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

  test('show the health of their servers, for v1 by the check of the rule that forwards to them', async () => {
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
});
