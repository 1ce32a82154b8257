import { afterAll, beforeEach, expect, test } from 'vitest';
import { startClbTestCloud } from '@/testing/sandbox/services/clb/clb-test-cloud';
import { catchCode, type TestClients } from '@/testing/sandbox/test-cloud';
import { createTelemetry } from '../../telemetry/telemetry';

type Create = Parameters<TestClients['clb']['CreateLoadBalancer']>[0];
const vpc = { LoadBalancerType: 'OPEN', VpcId: 'vpc-sinshop1' };

const telemetry = createTelemetry();
const clbTest = await startClbTestCloud(telemetry);
const { clb } = clbTest;
beforeEach(() => clbTest.cloud.reset());
afterAll(() => clbTest.cloud.plane.stop());

async function one(id: string | undefined) {
  const { LoadBalancerSet: found = [] } = await clb.DescribeLoadBalancers({ LoadBalancerIds: [id ?? ''] });
  return found[0];
}
const create = async (request: Create) =>
  (await clbTest.done(clb.CreateLoadBalancer(request))).LoadBalancerIds?.[0];

test('shows a new load balancer at once as being created, and as running when its task ends', async () => {
  const given = { ...vpc, LoadBalancerName: 'new', Tags: [{ TagKey: 'team', TagValue: 'shop' }] };
  const { LoadBalancerIds: ids, DealName: dealName, RequestId: id } = await clb.CreateLoadBalancer(given);
  expect(dealName).toMatch(/^\d{23}$/);
  expect(await one(ids?.[0])).toMatchObject({ Status: 0, LoadBalancerName: 'new' });
  expect(await clb.DescribeTaskStatus({ TaskId: id ?? '' })).toMatchObject({ Status: 2 });
  clbTest.cloud.clock.advance(1000);
  expect(await clb.DescribeTaskStatus({ DealName: dealName ?? '' })).toMatchObject({
    Status: 0,
    LoadBalancerIds: ids,
  });
  expect(await one(ids?.[0])).toMatchObject({
    Status: 1,
    Forward: 1,
    LoadBalancerType: 'OPEN',
    AddressIPVersion: 'ipv4',
    IPv6Mode: null,
    LoadBalancerVips: [expect.stringMatching(/^127\.101\.3\.\d+$/)],
    LoadBalancerDomain: '',
    VpcId: 'vpc-sinshop1',
    ChargeType: 'POSTPAID_BY_HOUR',
    NetworkAttributes: { InternetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR', InternetMaxBandwidthOut: 10 },
    Tags: [{ TagKey: 'team', TagValue: 'shop' }],
  });
});

test.each<[string, Create, object]>([
  ['classic network', { LoadBalancerType: 'OPEN', VpcId: '0' }, { VpcId: '0', SubnetId: '' }],
  [
    'domain-named',
    { ...vpc, DynamicVip: true },
    {
      LoadBalancerDomain: expect.stringMatching(/^lb-[a-z0-9]{8}-[a-z0-9]{8}\.clb\.sg-tencentclb\.com$/),
      AttributeFlags: ['SharedLimitFlag', 'IsDomainCLB'],
    },
  ],
  [
    'IPv6, whatever the case of its name',
    { ...vpc, AddressIPVersion: 'ipv6fullchain', SubnetId: 'subnet-sinshop2' },
    {
      AddressIPVersion: 'ipv6',
      IPv6Mode: 'IPv6FullChain',
      LoadBalancerVips: [],
      SubnetId: 'subnet-sinshop2',
    },
  ],
  [
    'private',
    { LoadBalancerType: 'INTERNAL', VpcId: 'vpc-sinshop1', SubnetId: 'subnet-sinshop2' },
    { LoadBalancerType: 'INTERNAL', VipIsp: 'INTERNAL', NetworkAttributes: { InternetMaxBandwidthOut: 0 } },
  ],
  [
    'prepaid, of a size, in a zone',
    {
      ...vpc,
      LBChargeType: 'PREPAID',
      LBChargePrepaid: { Period: 2, RenewFlag: 'AUTO_RENEW' },
      SlaType: 'clb.c3.small',
      MasterZoneId: '900002',
      InternetAccessible: { InternetMaxBandwidthOut: 4000 },
    },
    {
      ChargeType: 'PREPAID',
      PrepaidAttributes: { Period: 2, RenewFlag: 'AUTO_RENEW' },
      ExpireTime: expect.stringMatching(/^\d{4}-/),
      SlaType: 'clb.c3.small',
      MasterZone: { ZoneId: 900_002, Zone: 'ap-singapore-2' },
      NetworkAttributes: { InternetChargeType: 'BANDWIDTH_PREPAID', InternetMaxBandwidthOut: 4000 },
    },
  ],
  ['at a wanted address', { ...vpc, Vip: '127.101.50.7' }, { LoadBalancerVips: ['127.101.50.7'] }],
])('%s', async (_, request, answer) => {
  expect(await one(await create(request))).toMatchObject(answer);
});

test('gives NAT64 only an IPv6 address, and offers it in only three regions', async () => {
  const guangzhou = clbTest.cloud.clients({ region: 'ap-guangzhou' }).clb;
  const { LoadBalancerIds: ids = [] } = await guangzhou.CreateLoadBalancer({
    LoadBalancerType: 'OPEN',
    VpcId: '0',
    AddressIPVersion: 'IPV6',
  });
  const { LoadBalancerSet: found } = await guangzhou.DescribeLoadBalancers({ LoadBalancerIds: ids });
  expect(found).toMatchObject([
    {
      IPv6Mode: 'IPv6Nat64',
      AddressIPv6: expect.stringMatching(/^::ffff:7f65:/),
      LoadBalancerVips: [found?.[0]?.AddressIPv6],
    },
  ]);
  clbTest.cloud.clock.advance(1000);
  const here = () => clb.CreateLoadBalancer({ ...vpc, AddressIPVersion: 'IPv6' });
  expect(await clbTest.refused(here)).toBe('InvalidParameterValue');
});

test('gives several load balancers created at once their own names and addresses', async () => {
  const { LoadBalancerIds: ids = [] } = await clbTest.done(
    clb.CreateLoadBalancer({ ...vpc, Number: 3, LoadBalancerName: 'taken' }),
  );
  const { LoadBalancerSet: found = [] } = await clb.DescribeLoadBalancers({ LoadBalancerIds: ids });
  expect(new Set(found.map((lb) => lb.LoadBalancerName)).size).toBe(3);
  expect(new Set(found.flatMap((lb) => lb.LoadBalancerVips ?? [])).size).toBe(3);
  const [name] = found.map((lb) => lb.LoadBalancerName ?? '');
  const again = await one(await create({ ...vpc, LoadBalancerName: name ?? '' }));
  expect(again?.LoadBalancerName).not.toBe(name);
});

test('creates one load balancer per client token, even if the request is repeated', async () => {
  const request = { ...vpc, ClientToken: 'once' };
  const first = await clb.CreateLoadBalancer(request);
  const second = await clb.CreateLoadBalancer({ ClientToken: 'once', ...vpc });
  expect(second.LoadBalancerIds).toEqual(first.LoadBalancerIds);
  expect(second.DealName).toBe(first.DealName);
  const standing = async ({ RequestId: TaskId = '' }: { RequestId?: string }) =>
    (await clb.DescribeTaskStatus({ TaskId })).Status;
  expect([await standing(first), await standing(second)]).toEqual([2, 2]);
  const other = () => clb.CreateLoadBalancer({ ...request, Number: 2 });
  clbTest.cloud.clock.advance(1000);
  expect([await standing(first), await standing(second)]).toEqual([0, 0]);
  expect(await clbTest.refused(other)).toBe('InvalidParameterValue.Duplicate');
});

test.each<[Create, string]>([
  [{ LoadBalancerType: 'PUBLIC' }, 'InvalidParameterValue'],
  [{ LoadBalancerType: 'OPEN' }, 'InvalidParameterValue'],
  [{ ...vpc, VpcId: 'vpc-nowhere1' }, 'InvalidParameterValue'],
  [{ ...vpc, Forward: 0 }, 'InvalidParameterValue'],
  [{ ...vpc, Number: 21 }, 'InvalidParameterValue.Range'],
  [{ ...vpc, LoadBalancerName: 'x'.repeat(81) }, 'InvalidParameterValue.Length'],
  [{ ...vpc, LoadBalancerName: 'sale 🎉' }, 'InvalidParameter.FormatError'],
  [{ ...vpc, ClientToken: 'x'.repeat(65) }, 'InvalidParameter.ClientTokenLimitExceeded'],
  [{ ...vpc, AddressIPVersion: 'IPv5' }, 'InvalidParameterValue'],
  [{ ...vpc, AddressIPVersion: 'IPv6FullChain' }, 'MissingParameter'],
  [{ ...vpc, SubnetId: 'subnet-sinshop2' }, 'InvalidParameterValue'],
  [{ LoadBalancerType: 'INTERNAL', SubnetId: 'subnet-sinshop2' }, 'MissingParameter'],
  [{ LoadBalancerType: 'INTERNAL', VpcId: 'vpc-sinshop1' }, 'MissingParameter'],
  [{ LoadBalancerType: 'INTERNAL', VpcId: 'vpc-sinshop1', SubnetId: 'subnet-none' }, 'InvalidParameterValue'],
  [{ ...vpc, SlaType: 'clb.c9.huge' }, 'InvalidParameterValue'],
  [{ ...vpc, InternetAccessible: { InternetMaxBandwidthOut: 2049 } }, 'InvalidParameterValue'],
  [{ ...vpc, LBChargeType: 'PREPAID' }, 'MissingParameter'],
  [{ ...vpc, VipIsp: 'CMCC' }, 'InvalidParameterValue'],
  [{ ...vpc, MasterZoneId: 'ap-guangzhou-3' }, 'InvalidParameterValue'],
  [{ ...vpc, Vip: '127.101.1.1' }, 'ResourceInsufficient'],
  [{ ...vpc, Vip: '10.0.0.1' }, 'InvalidParameterValue'],
  [{ ...vpc, EipAddressId: 'eip-qhx8udkc' }, 'InvalidParameterValue'],
  [{ ...vpc, AdvancedRoute: true }, 'UnsupportedOperation'],
])('refuses to create a load balancer from %j', async (request, code) => {
  expect(await clbTest.refused(() => clb.CreateLoadBalancer(request))).toBe(code);
});

test('limits a region to a hundred public load balancers', async () => {
  for (let made = 0; made < 80; made += 20) await create({ ...vpc, Number: 20 });
  expect(await clbTest.refused(() => clb.CreateLoadBalancer({ ...vpc, Number: 19 }))).toBe('LimitExceeded');
  const { QuotaSet: quotas = [] } = await clb.DescribeQuota();
  expect(quotas).toContainEqual({ QuotaId: 'TOTAL_OPEN_CLB_QUOTA', QuotaCurrent: 82, QuotaLimit: 100 });
  expect(quotas).toContainEqual({ QuotaId: 'TOTAL_LISTENER_QUOTA', QuotaCurrent: null, QuotaLimit: 50 });
});

test('changes attributes in a task, and keeps omitted ones', async () => {
  const id = 'lb-scf00001';
  const before = await one(id);
  await clbTest.done(
    clb.ModifyLoadBalancerAttributes({
      LoadBalancerId: id,
      LoadBalancerName: 'renamed',
      DeleteProtect: true,
      LoadBalancerPassToTarget: true,
      InternetChargeInfo: { InternetMaxBandwidthOut: 200 },
    }),
  );
  expect(await one(id)).toEqual({
    ...before,
    LoadBalancerName: 'renamed',
    LoadBalancerPassToTarget: true,
    NetworkAttributes: { ...before?.NetworkAttributes, InternetMaxBandwidthOut: 200 },
    AttributeFlags: ['SharedLimitFlag', 'DeleteProtect'],
  });
  const { DealName: dealName } = await clbTest.done(
    clb.ModifyLoadBalancerAttributes({
      LoadBalancerId: id,
      SwitchFlag: 2,
      InternetChargeInfo: { InternetChargeType: 'BANDWIDTH_POSTPAID_BY_HOUR' },
    }),
  );
  expect(dealName).toMatch(/^\d+$/);
  expect((await one(id))?.NetworkAttributes?.InternetChargeType).toBe('BANDWIDTH_POSTPAID_BY_HOUR');
});

test.each<[object, string]>([
  [{ LoadBalancerName: '' }, 'InvalidParameterValue.Length'],
  [{ SwitchFlag: 3 }, 'InvalidParameterValue'],
  [{ InternetChargeInfo: { InternetChargeType: 'BANDWIDTH_PACKAGE' } }, 'InvalidParameterValue'],
  [{ InternetChargeInfo: { InternetMaxBandwidthOut: 5000 } }, 'InvalidParameterValue'],
  [{ TargetRegionInfo: { Region: 'ap-guangzhou', VpcId: 'vpc-sinshop1' } }, 'InvalidParameterValue'],
  [{ ModifyClassicDomain: true }, 'InvalidParameterValue'],
  [{ AssociateEndpoint: 'vpce-none' }, 'InvalidParameterValue'],
  [{ LoadBalancerId: 'lb-none' }, 'InvalidParameter.LBIdNotFound'],
])('refuses to change attributes to %j', async (change, code) => {
  const call = () => clb.ModifyLoadBalancerAttributes({ LoadBalancerId: 'lb-scf00001', ...change });
  expect(await clbTest.refused(call)).toBe(code);
});

test('deletes a load balancer with its listeners; refuses a protected or busy one', async () => {
  const id = await create(vpc);
  const drop = () => clb.DeleteLoadBalancer({ LoadBalancerIds: [id ?? '', 'lb-scf00001'] });
  await clbTest.done(
    clb.ModifyLoadBalancerAttributes({ LoadBalancerId: 'lb-scf00001', DeleteProtect: true }),
  );
  expect(await clbTest.refused(drop)).toBe('FailedOperation');
  await clbTest.done(
    clb.ModifyLoadBalancerAttributes({ LoadBalancerId: 'lb-scf00001', DeleteProtect: false }),
  );
  await clb.ModifyLoadBalancerAttributes({ LoadBalancerId: 'lb-scf00001', LoadBalancerName: 'busy' });
  expect(await catchCode(drop())).toBe('FailedOperation.ResourceInOperating');
  clbTest.cloud.clock.advance(1000);
  const { RequestId: task } = await drop();
  expect(await one(id)).toBeDefined();
  clbTest.cloud.clock.advance(1000);
  expect(await clb.DescribeTaskStatus({ TaskId: task ?? '' })).toMatchObject({ Status: 0 });
  expect((await clb.DescribeLoadBalancers({})).LoadBalancerSet?.map((lb) => lb.LoadBalancerId)).toEqual([
    'lb-cvm00001',
  ]);
  expect(await catchCode(clb.DescribeListeners({ LoadBalancerId: 'lb-scf00001' }))).toBe(
    'InvalidParameter.LBIdNotFound',
  );
});

test('refuses to delete one with twenty backends, or a thirtieth one in five minutes', async () => {
  const rule = clbTest.account.loadBalancers['lb-cvm00001']?.listeners[0]?.rules[0];
  const [target] = rule?.targets ?? [];
  for (let port = 9000; target && port < 9020; port += 1) rule?.targets.push({ ...target, port });
  const guarded = () => clb.DeleteLoadBalancer({ LoadBalancerIds: ['lb-cvm00001'] });
  expect(await clbTest.refused(guarded)).toBe('FailedOperation');
  await clbTest.done(clb.DeleteLoadBalancer({ LoadBalancerIds: ['lb-cvm00001'], ForceDelete: true }));
  const made = async () =>
    (await clbTest.done(clb.CreateLoadBalancer({ ...vpc, Number: 20 }))).LoadBalancerIds ?? [];
  const [first, second] = [await made(), await made()];
  await clbTest.done(clb.DeleteLoadBalancer({ LoadBalancerIds: first }));
  const more = () => clb.DeleteLoadBalancer({ LoadBalancerIds: second });
  expect(await clbTest.refused(more)).toBe('FailedOperation');
  clbTest.cloud.clock.advance(300_000);
  await clbTest.done(more());
});

test('refuses to delete one with traffic above 10 Mbps within five minutes', async () => {
  const sample = (bytesOut: number) =>
    telemetry.traffic.record({
      at: clbTest.cloud.clock.now(),
      uin: clbTest.account.uin,
      loadBalancerId: 'lb-cvm00001',
      vip: '127.101.1.1',
      port: 80,
      protocol: 'HTTP',
      rule: null,
      backend: null,
      status: 200,
      madeByLoadBalancer: false,
      durationMs: 1,
      backendMs: null,
      bytesIn: 0,
      bytesOut,
    });
  const drop = () => clb.DeleteLoadBalancer({ LoadBalancerIds: ['lb-cvm00001'] });
  // 10 Mbps is 75 MB per minute.
  sample(80_000_000);
  expect(await clbTest.refused(drop)).toBe('FailedOperation');
  clbTest.cloud.clock.advance(360_000);
  sample(70_000_000);
  await clbTest.done(drop());
});

test.each<[string[], string]>([
  [[], 'InvalidParameterValue.Length'],
  [Array.from({ length: 21 }, (_, n) => `lb-${n}`), 'InvalidParameterValue.Length'],
  [['lb-scf00001', 'lb-none'], 'InvalidParameter.LBIdNotFound'],
  // From another account.
  [['lb-old00001'], 'InvalidParameter.LBIdNotFound'],
])('refuses to delete by %j', async (ids, code) => {
  expect(await clbTest.refused(() => clb.DeleteLoadBalancer({ LoadBalancerIds: ids }))).toBe(code);
});

test('refuses changes while all its listeners are stopped, until one of them is started', async () => {
  const id = 'lb-cvm00001';
  await clbTest.done(clb.SetLoadBalancerStartStatus({ LoadBalancerId: id, OperationType: 'Stop' }));
  expect((await one(id))?.AttributeFlags).toContain('Stop');
  expect((await clbTest.listeners(id)).map((listener) => listener.AttrFlags)).toEqual([['Stop']]);
  const write = () => clb.CreateListener({ LoadBalancerId: id, Ports: [8081], Protocol: 'HTTP' });
  expect(await clbTest.refused(write)).toBe('FailedOperation.InvalidLBStatus');
  const start = { LoadBalancerId: id, OperationType: 'Start', ListenerIds: ['lbl-cvm00001'] };
  await clbTest.done(clb.SetLoadBalancerStartStatus(start));
  expect((await one(id))?.AttributeFlags).not.toContain('Stop');
  await clbTest.done(write());
  // If both are stopped one by one, the instance is stopped.
  for (const listener of await clbTest.listeners(id)) {
    const stop = { LoadBalancerId: id, OperationType: 'Stop', ListenerIds: [listener.ListenerId ?? ''] };
    await clbTest.done(clb.SetLoadBalancerStartStatus(stop));
  }
  expect((await one(id))?.AttributeFlags).toContain('Stop');
});

test.each<[object, string]>([
  [{ OperationType: 'Pause' }, 'InvalidParameterValue'],
  [{ ListenerIds: ['lbl-none'] }, 'InvalidParameter.ListenerIdNotFound'],
])('refuses to start or stop by %j', async (change, code) => {
  const call = () =>
    clb.SetLoadBalancerStartStatus({ LoadBalancerId: 'lb-cvm00001', OperationType: 'Stop', ...change });
  expect(await clbTest.refused(call)).toBe(code);
});

test('leaves nothing after a failed creation, not even its token', async () => {
  const request = { ...vpc, ClientToken: 'again' };
  await clbTest.cloud.control('POST', '/faults', {
    action: 'CreateLoadBalancer',
    kind: 'taskFails',
    message: 'no',
  });
  const { LoadBalancerIds: [id] = [], RequestId: task } = await clb.CreateLoadBalancer(request);
  clbTest.cloud.clock.advance(1000);
  expect(await clb.DescribeTaskStatus({ TaskId: task ?? '' })).toMatchObject({ Status: 1, Message: 'no' });
  expect(await one(id)).toBeUndefined();
  expect(await create(request)).not.toBe(id);
});

test('refuses writes while one is being created or isolated, but allows deleting it', async () => {
  const { LoadBalancerIds: [id = ''] = [] } = await clb.CreateLoadBalancer(vpc);
  const write = () => clb.CreateListener({ LoadBalancerId: id, Ports: [80], Protocol: 'HTTP' });
  expect(await catchCode(write())).toBe('FailedOperation.ResourceInOperating');
  clbTest.cloud.clock.advance(1000);
  Object.assign(clbTest.account.loadBalancers[id] ?? {}, { isolated: true });
  expect(await one(id)).toMatchObject({ Isolation: 1, IsolatedTime: expect.any(String) });
  expect(await clbTest.refused(write)).toBe('FailedOperation.InvalidLBStatus');
  await clbTest.done(clb.DeleteLoadBalancer({ LoadBalancerIds: [id] }));
});

test('supports the alternatives of undocumented behaviour', async () => {
  const assume = (name: string, value: string) =>
    clbTest.cloud.control('PUT', '/assumptions', { [name]: value });
  const id = 'lb-scf00001';
  // A stopped instance accepts changes.
  await assume('clb.stoppedWrites', 'taken');
  await clbTest.done(clb.SetLoadBalancerStartStatus({ LoadBalancerId: id, OperationType: 'Stop' }));
  await clbTest.done(clb.CreateListener({ LoadBalancerId: id, Ports: [81], Protocol: 'TCP' }));
  // No two listeners share a port.
  const udp = () => clb.CreateListener({ LoadBalancerId: id, Ports: [81], Protocol: 'UDP' });
  await assume('listener.portSharing', 'none');
  expect(await clbTest.refused(udp)).toBe('InvalidParameter.PortCheckFailed');
  await assume('listener.portSharing', 'by transport');
  await clbTest.done(udp());
  // A reused token returns the earlier response, even for another request.
  await assume('clb.clientTokenReused', 'earlier answer');
  const first = await clb.CreateLoadBalancer({ ...vpc, ClientToken: 'once' });
  const second = await clb.CreateLoadBalancer({ ...vpc, ClientToken: 'once', Number: 3 });
  expect(second.LoadBalancerIds).toEqual(first.LoadBalancerIds);
  clbTest.cloud.clock.advance(1000);
  // Error codes.
  await assume('clb.unknownCertificate', 'ResourceNotFound');
  const https = { LoadBalancerId: id, Ports: [443], Protocol: 'HTTPS', Certificate: { CertId: 'none' } };
  expect(await clbTest.refused(() => clb.CreateListener(https))).toBe('ResourceNotFound');
});
