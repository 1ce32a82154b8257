import { afterAll, beforeEach, expect, test } from 'vitest';
import { targetGroup } from '@/lib/sandbox/seeds/parts';
import { ruleHealthCheck } from '@/lib/sandbox/world/health-check';
import { app, place, startBackendsTestCloud } from '@/testing/sandbox/services/clb/backends-test-cloud';

const backends = await startBackendsTestCloud();
const { clb } = backends;
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

async function health(given: object = {}) {
  const { LoadBalancers: found } = await clb.DescribeTargetHealth({
    LoadBalancerIds: ['lb-cvm00001'],
    ...given,
  });
  return found?.flatMap((each) => each.Listeners ?? []) ?? [];
}

async function readDetails(locationId: string) {
  const [found] = await health({ LocationIds: [locationId] });
  return found?.Rules?.[0]?.Targets?.map((each) => [each.TargetId, each.HealthStatusDetail]);
}

test('returns every field of a healthy server; layer-4 listeners have one nameless rule, rules of functions no rows', async () => {
  const listeners = await health();
  expect(listeners.map((each) => [each.ListenerId, each.Rules?.map((rule) => rule.LocationId)])).toEqual([
    ['lbl-cvm00001', ['loc-shop0001', 'loc-sale0001']],
    ['lbl-tls00001', ['loc-app00001', 'loc-api00001']],
    ['lbl-tcp00001', ['']],
    ['lbl-grp00001', ['']],
  ]);
  expect(listeners[0]).toMatchObject({ ListenerName: 'http-80', Protocol: 'HTTP', Port: 80 });
  expect(listeners[0]?.Rules?.[0]).toMatchObject({ Domain: 'shop.example.com', Url: '/' });
  expect(listeners[0]?.Rules?.[0]?.Targets?.[0]).toEqual({
    IP: '127.102.100.1',
    Port: 8080,
    TargetId: 'ins-web00001',
    HealthStatus: true,
    HealthStatusDetail: 'Alive',
    HealthStatusDetial: 'Alive',
    Weight: 10,
  });
});

test('reports a new server as unknown, then healthy, detects one that stops, and checks one without weight too', async () => {
  await backends.settle(
    clb.RegisterTargets({ ...app, Targets: [{ InstanceId: 'ins-web00001', Port: 80, Weight: 0 }] }),
  );
  expect(await readDetails('loc-app00001')).toEqual([['ins-web00001', 'Unknown']]);
  backends.cloud.clock.advance(14_000);
  expect(await readDetails('loc-app00001')).toEqual([['ins-web00001', 'Alive']]);
  const { instances } = backends.account;
  Object.assign(instances['ins-web00001'] ?? {}, {
    state: 'STOPPED',
    stateSince: backends.cloud.clock.now(),
  });
  backends.cloud.clock.advance(15_999);
  expect(await readDetails('loc-app00001')).toEqual([['ins-web00001', 'Alive']]);
  backends.cloud.clock.advance(1);
  expect(await readDetails('loc-app00001')).toEqual([['ins-web00001', 'Dead']]);
  const [found] = await health({ LocationIds: ['loc-app00001'] });
  expect(found?.Rules?.[0]?.Targets?.[0]).toMatchObject({ HealthStatus: false, HealthStatusDetial: 'Dead' });
});

test('reports Close without a check, or on a stopped listener', async () => {
  const [http] = backends.account.loadBalancers['lb-cvm00001']?.listeners ?? [];
  const [first] = http?.rules ?? [];
  if (!http || !first) throw new Error('not in the seed');
  first.healthCheck = { ...first.healthCheck, on: false };
  const close = [
    ['ins-web00001', 'Close'],
    ['ins-web00002', 'Close'],
  ];
  expect(await readDetails('loc-shop0001')).toEqual(close);
  const [found] = await health({ LocationIds: ['loc-shop0001'] });
  expect(found?.Rules?.[0]?.Targets?.[0]).toMatchObject({
    HealthStatus: true,
    HealthStatusDetial: 'Unknown',
  });
  http.stopped = true;
  expect(await readDetails('loc-sale0001')).toEqual(close);
});

test('reports servers of a target group with the group, by its own check', async () => {
  const createdAt = backends.cloud.clock.now() - 86_400_000;
  const targets = [{ instanceId: 'ins-web00001', port: 80, weight: 5, registeredAt: createdAt }];
  const healthCheck = { ...ruleHealthCheck(), on: false };
  const common = {
    region: 'ap-singapore',
    type: 'v2',
    protocol: 'HTTP',
    createdAt,
    targets,
    healthCheck,
  } as const;
  backends.account.targetGroups['lbtg-1'] = targetGroup({ id: 'lbtg-1', name: 'g', ...common });
  const rule = backends.account.loadBalancers['lb-cvm00001']?.listeners[1]?.rules[0];
  Object.assign(rule ?? {}, {
    targetType: 'TARGETGROUP-V2',
    targetGroups: [{ groupId: 'lbtg-1', weight: 10 }],
  });
  const [found] = await health({ LocationIds: ['loc-app00001'] });
  expect(found?.Rules?.[0]?.Targets).toMatchObject([
    { TargetId: 'ins-web00001', TargetGroupId: 'lbtg-1', Weight: 5, HealthStatusDetail: 'Close' },
  ]);
});

test('filters by listeners and rules; refuses limits, unknown ids and classic instances', async () => {
  expect((await health({ ListenerIds: ['lbl-tcp00001'] })).map((each) => each.ListenerId)).toEqual([
    'lbl-tcp00001',
  ]);
  expect((await health({ ListenerIds: [], LocationIds: [] })).length).toBe(4);
  const code = async (ids: string[]) =>
    (await backends.refused(() => clb.DescribeTargetHealth({ LoadBalancerIds: ids }))).code;
  expect(await code([])).toBe('InvalidParameterValue.Length');
  expect(await code(Array.from({ length: 31 }, () => 'lb-cvm00001'))).toBe('InvalidParameterValue.Length');
  expect(await code(['lb-none'])).toBe('InvalidParameter.LBIdNotFound');
  Object.assign(backends.account.loadBalancers[place.http.LoadBalancerId] ?? {}, { forward: 0 });
  expect(await code(['lb-cvm00001'])).toBe('InvalidParameterValue');
});
