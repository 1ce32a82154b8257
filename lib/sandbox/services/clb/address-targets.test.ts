import { afterAll, beforeEach, expect, test } from 'vitest';
import {
  app,
  place,
  type shop,
  startBackendsTestCloud,
} from '@/testing/sandbox/services/clb/backends-test-cloud';

const backends = await startBackendsTestCloud();
const { clb } = backends;
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

/** Two pods of `ins-web00001`, each with its own address. */
const [podA, podB] = ['127.102.100.51', '127.102.100.52'] as const;
const pod = (EniIp: string, Port = 8080) => ({ EniIp, Port });

async function bound(at: typeof app | typeof shop) {
  const { Listeners = [] } = await clb.DescribeTargets({
    LoadBalancerId: at.LoadBalancerId,
    ListenerIds: [at.ListenerId],
  });
  const rule = Listeners.flatMap(({ Rules }) => Rules ?? []).find(
    (each) => each.LocationId === at.LocationId,
  );
  return rule?.Targets ?? [];
}

const texts = async (at: typeof app) =>
  (await bound(at)).map((each) => `${each.Type} ${each.PrivateIpAddresses?.[0]}:${each.Port} ${each.Weight}`);

test('binds pods of one server by their addresses, each a separate target beside the server', async () => {
  const Targets = [pod(podA), { ...pod(podB), Weight: 30 }, { InstanceId: 'ins-web00001', Port: 8080 }];
  expect(await backends.settle(clb.RegisterTargets({ ...app, Targets }))).toBe(0);
  expect(await bound(app)).toMatchObject([
    {
      Type: 'ENI',
      InstanceId: '',
      EniId: 'eni-web00001',
      PrivateIpAddresses: [podA],
      Port: 8080,
      Weight: 10,
    },
    {
      Type: 'ENI',
      InstanceId: '',
      EniId: 'eni-web00001',
      PrivateIpAddresses: [podB],
      Port: 8080,
      Weight: 30,
    },
    { Type: 'CVM', InstanceId: 'ins-web00001', EniId: null, PrivateIpAddresses: ['127.102.100.1'] },
  ]);
});

test('changes the weight of an address, and removes it, without affecting others of its server', async () => {
  const Targets = [pod(podA), pod(podB), { InstanceId: 'ins-web00001', Port: 8080 }];
  await backends.settle(clb.RegisterTargets({ ...app, Targets }));
  const weigh = { ...app, Targets: [{ ...pod(podB), Weight: 0 }] };
  expect(await backends.settle(clb.ModifyTargetWeight(weigh))).toBe(0);
  expect(await texts(app)).toEqual([
    `ENI ${podA}:8080 10`,
    `ENI ${podB}:8080 0`,
    'CVM 127.102.100.1:8080 10',
  ]);
  expect(await backends.settle(clb.DeregisterTargets({ ...app, Targets: [pod(podA)] }))).toBe(0);
  expect(await texts(app)).toEqual([`ENI ${podB}:8080 0`, 'CVM 127.102.100.1:8080 10']);
});

test.each([
  ['an unused address', { ...app, Targets: [pod('127.102.100.99')] }, 'InvalidParameterValue'],
  ['an address twice', { ...app, Targets: [pod(podA), pod(podA)] }, 'InvalidParameterValue.Duplicate'],
  [
    'the primary address beside its server',
    { ...app, Targets: [pod('127.102.100.1'), { InstanceId: 'ins-web00001', Port: 8080 }] },
    'InvalidParameterValue.Duplicate',
  ],
])('refuses %s', async (_, request, code) => {
  const refusal = await backends.refused(() => clb.RegisterTargets(request));
  expect(refusal.code).toBe(code);
});

test('refuses an address of another VPC', async () => {
  const far = backends.account.instances['ins-far00001'];
  if (far) far.interfaces = [{ id: 'eni-far00001', privateIps: ['127.102.200.51'] }];
  const refusal = await backends.refused(() =>
    clb.RegisterTargets({ ...app, Targets: [pod('127.102.200.51')] }),
  );
  expect(refusal).toMatchObject({ code: 'InvalidParameterValue', message: expect.stringContaining('VPC') });
});

test('checks the health of an address as that of the server that it is on', async () => {
  await backends.settle(clb.RegisterTargets({ ...app, Targets: [pod(podA)] }));
  const health = async () => {
    const { LoadBalancers = [] } = await clb.DescribeTargetHealth({
      LoadBalancerIds: [app.LoadBalancerId],
      LocationIds: [app.LocationId],
    });
    const rules = LoadBalancers.flatMap(({ Listeners }) => Listeners ?? []).flatMap(
      ({ Rules }) => Rules ?? [],
    );
    return rules.flatMap(({ Targets }) => Targets ?? []);
  };
  backends.cloud.clock.advance(60_000);
  expect(await health()).toMatchObject([{ IP: podA, Port: 8080, TargetId: '', HealthStatusDetail: 'Alive' }]);
  const server = backends.account.instances['ins-web00001'];
  if (server) Object.assign(server, { state: 'STOPPED', stateSince: backends.cloud.clock.now() });
  backends.cloud.clock.advance(60_000);
  expect(await health()).toMatchObject([{ IP: podA, HealthStatusDetail: 'Dead' }]);
});

test('takes addresses as members of target groups', async () => {
  const { TargetGroupId = '' } = await clb.CreateTargetGroup({
    TargetGroupName: 'pods',
    VpcId: 'vpc-sinshop1',
    Port: 8080,
    TargetGroupInstances: [podA, '127.102.100.1'].map((BindIP) => ({ BindIP, Port: 8080, Weight: 10 })),
  });
  const { TargetGroupInstanceSet } = await clb.DescribeTargetGroupInstanceStatus({ TargetGroupId });
  expect(TargetGroupInstanceSet).toMatchObject([
    { EniId: 'eni-web00001', InstanceIp: podA, Port: 8080 },
    { InstanceId: 'ins-web00001', InstanceIp: '127.102.100.1' },
  ]);
});

test('binds addresses to a layer-4 listener', async () => {
  expect(await backends.settle(clb.RegisterTargets({ ...place.tcp, Targets: [pod(podA, 9000)] }))).toBe(0);
  const { Listeners = [] } = await clb.DescribeTargets({
    LoadBalancerId: place.tcp.LoadBalancerId,
    ListenerIds: [place.tcp.ListenerId],
  });
  expect(Listeners[0]?.Targets).toMatchObject([{ Type: 'ENI', PrivateIpAddresses: [podA], Port: 9000 }]);
});
