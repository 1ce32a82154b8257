import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClbTestCloud, startClbTestCloud } from '@/testing/sandbox/services/clb/clb-test-cloud';
import { catchCode, type TestClients } from '@/testing/sandbox/test-cloud';

/** Additional actions that the Terraform provider's resources and data sources for load balancers call. */

const lb = 'lb-scf00001';
let clbTest: ClbTestCloud;
let clb: TestClients['clb'];
beforeAll(async () => {
  clbTest = await startClbTestCloud();
  clb = clbTest.clb;
});
beforeEach(() => clbTest.cloud.reset());
afterAll(() => clbTest.cloud.plane.stop());

async function one(id: string) {
  const { LoadBalancerSet: [found] = [] } = await clb.DescribeLoadBalancers({ LoadBalancerIds: [id] });
  return found;
}

test('makes a shared instance LCU-supported, which then accepts the settings of such instances', async () => {
  const change = (SlaType: string) => ({ LoadBalancerSla: [{ LoadBalancerId: lb, SlaType }] });
  expect((await one(lb))?.AttributeFlags).toContain('SharedLimitFlag');
  const { DealName: deal } = await clbTest.done(clb.ModifyLoadBalancerSla(change('clb.c2.medium')));
  expect(deal).toMatch(/^\d{23}$/);
  expect(await one(lb)).toMatchObject({ SlaType: 'clb.c2.medium' });
  expect((await one(lb))?.AttributeFlags).not.toContain('SharedLimitFlag');
  const limited = { LoadBalancerId: lb, Ports: [81], Protocol: 'TCP', MaxConn: 100 };
  await clbTest.done(clb.CreateListener(limited));
  await clbTest.done(clb.ModifyLoadBalancerSla(change('clb.c3.small')));
  expect(await one(lb)).toMatchObject({ SlaType: 'clb.c3.small' });
});

test('changes several together or not at all', async () => {
  const to = (...ids: string[]) => ({
    LoadBalancerSla: ids.map((LoadBalancerId) => ({ LoadBalancerId, SlaType: 'clb.c2.medium' })),
  });
  await clbTest.done(clb.ModifyLoadBalancerSla(to(lb, 'lb-cvm00001')));
  expect([(await one(lb))?.SlaType, (await one('lb-cvm00001'))?.SlaType]).toEqual([
    'clb.c2.medium',
    'clb.c2.medium',
  ]);
  const refused = (request: Parameters<typeof clb.ModifyLoadBalancerSla>[0]) =>
    clbTest.refused(() => clb.ModifyLoadBalancerSla(request));
  expect(await refused(to(lb, 'lb-none'))).toBe('InvalidParameter.LBIdNotFound');
  expect(await refused(to(lb, lb))).toBe('InvalidParameterValue.Duplicate');
  expect(await refused({ LoadBalancerSla: [{ LoadBalancerId: lb, SlaType: 'shared' }] })).toBe(
    'InvalidParameterValue',
  );
  expect(await refused({ LoadBalancerSla: [] })).toBe('InvalidParameterValue');
  Object.assign(clbTest.account.loadBalancers[lb] ?? {}, { vpcId: '0' });
  expect(await refused(to(lb))).toBe('InvalidParameterValue');
});

test('sets, replaces and removes security groups', async () => {
  const set = (...SecurityGroups: string[]) =>
    clb.SetLoadBalancerSecurityGroups({ LoadBalancerId: lb, SecurityGroups });
  const group = clbTest.account.securityGroups?.['sg-sinopen1'];
  clbTest.account.securityGroups = {
    ...clbTest.account.securityGroups,
    ...(group && { 'sg-second01': { ...group, id: 'sg-second01' } }),
    ...(group && { 'sg-faraway1': { ...group, id: 'sg-faraway1', region: 'ap-guangzhou' } }),
  };
  expect((await one(lb))?.SecureGroups).toEqual([]);
  await clbTest.done(set('sg-sinopen1', 'sg-second01'));
  expect((await one(lb))?.SecureGroups).toEqual(['sg-sinopen1', 'sg-second01']);
  await clbTest.done(set('sg-second01', 'sg-second01'));
  expect((await one(lb))?.SecureGroups).toEqual(['sg-second01']);
  await clbTest.done(clb.SetLoadBalancerSecurityGroups({ LoadBalancerId: lb }));
  expect((await one(lb))?.SecureGroups).toEqual([]);
  expect(await clbTest.refused(() => set('group'))).toBe('InvalidParameterValue');
  for (const unknown of ['sg-none0000', 'sg-faraway1', 'sg-sinopen1x'])
    expect(await clbTest.refused(() => set(unknown))).toBe('InvalidParameterValue');
  const many = Array.from({ length: 51 }, (_, n) => `sg-${String(n).padStart(8, '0')}`);
  expect(await clbTest.refused(() => set(...many))).toBe('InvalidParameterValue');
});

test('finds listeners that forward to a server by its address', async () => {
  const server = clbTest.account.instances['ins-web00001'];
  const Backends = [{ VpcId: server?.vpcId ?? '', PrivateIp: server?.privateIp ?? '' }];
  const { LoadBalancers: found } = await clb.DescribeLBListeners({ Backends });
  expect(found).toMatchObject([
    {
      LoadBalancerId: 'lb-cvm00001',
      Vip: '127.101.1.1',
      Region: 'ap-singapore',
      Listeners: [
        {
          ListenerId: 'lbl-cvm00001',
          Protocol: 'HTTP',
          Port: 80,
          Targets: null,
          Rules: [
            {
              LocationId: 'loc-shop0001',
              Targets: [{ Type: 'cvm', PrivateIp: server?.privateIp, Port: 8080 }],
            },
            { LocationId: 'loc-sale0001', Targets: [{ Weight: 10 }] },
          ],
        },
      ],
    },
  ]);
  const elsewhere = [{ ...Backends[0], VpcId: 'vpc-other001', PrivateIp: server?.privateIp ?? '' }];
  expect((await clb.DescribeLBListeners({ Backends: elsewhere })).LoadBalancers).toEqual([]);
  expect(await catchCode(clb.DescribeLBListeners({ Backends: [] }))).toBe('InvalidParameterValue');
});

test('offers servers of another VPC for cross-region binding, and lists where they are bound', async () => {
  const ids = async (Filters: { Name: string; Values: string[] }[] = []) =>
    (await clb.DescribeCrossTargets({ Filters })).CrossTargetSet?.map((each) => each.InstanceId);
  expect(await ids()).toEqual([]);
  Object.assign(clbTest.account.loadBalancers['lb-scf00001'] ?? {}, { snatPro: true });
  Object.assign(clbTest.account.instances['ins-web00002'] ?? {}, { vpcId: 'vpc-other001' });
  expect(await ids()).toEqual(['ins-web00002']);
  expect(await ids([{ Name: 'vpc-id', Values: ['vpc-none'] }])).toEqual([]);
  const inRule = [{ Name: 'location-id', Values: ['loc-idle0001'] }];
  expect(await ids(inRule)).toEqual([]);
  await clbTest.done(
    clb.RegisterTargets({
      LoadBalancerId: lb,
      ListenerId: 'lbl-scf00001',
      LocationId: 'loc-idle0001',
      Targets: [{ InstanceId: 'ins-web00002', Port: 80 }],
    }),
  );
  expect(await ids(inRule)).toEqual(['ins-web00002']);
  expect(await catchCode(clb.DescribeCrossTargets({ Filters: [{ Name: 'colour', Values: ['red'] }] }))).toBe(
    'InvalidParameterValue.InvalidFilter',
  );
});

test('lists the load balancers that the zones of a region offer', async () => {
  const { TotalCount: count, ZoneResourceSet: zones = [] } = await clb.DescribeResources({});
  expect(count).toBe(8);
  expect(zones[0]).toMatchObject({
    MasterZone: 'ap-singapore-1',
    SlaveZone: null,
    IPVersion: 'IPv4',
    ZoneRegion: 'ap-singapore',
    ResourceSet: [{ Isp: 'BGP', AvailabilitySet: [{ Availability: 'Available' }] }, { Isp: 'INTERNAL' }],
  });
  const Filters = [
    { Name: 'master-zone', Values: ['ap-singapore-2'] },
    { Name: 'isp', Values: ['INTERNAL'] },
    { Name: 'ip-version', Values: ['IPv4'] },
  ];
  const narrowed = await clb.DescribeResources({ Filters });
  expect(narrowed.ZoneResourceSet).toMatchObject([
    { MasterZone: 'ap-singapore-2', ResourceSet: [{ Isp: 'INTERNAL' }] },
  ]);
  const guangzhou = clbTest.cloud.clients({ region: 'ap-guangzhou' }).clb;
  const nat64 = await guangzhou.DescribeResources({
    Filters: [{ Name: 'ip-version', Values: ['IPv6_Nat'] }],
  });
  expect(nat64.TotalCount).toBe(6);
});

test('lists listeners of classic instances only, by a separate action', async () => {
  const read = (request: object = {}) =>
    clb.DescribeClassicalLBListeners({ LoadBalancerId: 'lb-cvm00001', ...request });
  expect(await catchCode(read())).toBe('InvalidParameterValue');
  Object.assign(clbTest.account.loadBalancers['lb-cvm00001'] ?? {}, { forward: 0 });
  expect((await read()).Listeners).toMatchObject([
    {
      ListenerId: 'lbl-cvm00001',
      ListenerPort: 80,
      InstancePort: 8080,
      Protocol: 'HTTP',
      Status: 1,
      HttpHash: 'wrr',
      SSLMode: '',
      CertId: '',
    },
  ]);
  expect((await read({ Protocol: 'TCP' })).Listeners).toEqual([]);
  expect((await read({ ListenerPort: 80, Status: 0 })).Listeners).toEqual([]);
  expect(await catchCode(read({ Protocol: 'QUIC' }))).toBe('InvalidParameterValue');
});
