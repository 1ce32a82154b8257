import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { app, place } from '@/testing/sandbox/services/clb/backends-test-cloud';
import {
  startTargetGroupsTestCloud,
  type TargetGroupsTestCloud,
  v2,
  web1,
  web2,
} from '@/testing/sandbox/services/clb/target-groups-test-cloud';

let backends: TargetGroupsTestCloud['backends'];
let clb: TargetGroupsTestCloud['clb'];
let codeOf: TargetGroupsTestCloud['codeOf'];
let create: TargetGroupsTestCloud['create'];
let instances: TargetGroupsTestCloud['instances'];
beforeAll(async () => {
  ({ backends, clb, codeOf, create, instances } = await startTargetGroupsTestCloud());
});
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

describe('servers of a group', () => {
  test('are added, changed and removed, each in a task', async () => {
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

  test('have a health, for v1 by the check of the rule that forwards to them', async () => {
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

  test('allows one task at a time on a group', async () => {
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

  test('makes a task on a group also work on the load balancers that forward to it', async () => {
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
