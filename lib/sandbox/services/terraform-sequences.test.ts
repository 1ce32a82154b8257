import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { zipSeedFiles } from '@/lib/sandbox/seeds/parts';
import { type ClbTestCloud, startClbTestCloud } from '@/testing/sandbox/services/clb/clb-test-cloud';
import { catchCode, type TestClients } from '@/testing/sandbox/test-cloud';

/*
 * The requests that the Terraform provider tencentcloudstack/tencentcloud 1.83.25 sends as it creates, reads, updates,
 * imports and deletes a resource, recorded from the provider itself. After each write its read must return what the
 * configuration says, or the second plan would not be empty; an import is the same read.
 */

let clbTest: ClbTestCloud;
let clients: TestClients;
beforeAll(async () => {
  clbTest = await startClbTestCloud();
});
beforeEach(async () => {
  await clbTest.cloud.reset();
  clients = clbTest.cloud.clients();
});
afterAll(() => clbTest.cloud.plane.stop());

const vpc = 'vpc-sinshop1';
const [rsa, ecc, ca] = ['cert8Kq2x', 'Sm1aL2sh', 'Sm3aL4ca'];
const server = 'ins-web00001';

type Write = Promise<{ RequestId?: string }>;

/** Runs the writes and their tasks, as the provider waits for each. */
async function apply(...writes: readonly (() => Write)[]): Promise<void> {
  for (const write of writes) await clbTest.done(write());
}

async function createLoadBalancer(more: object = {}): Promise<string> {
  const { clb } = clients;
  const name = 'terraform';
  expect(
    (await clb.DescribeLoadBalancers({ LoadBalancerName: name, Offset: 0, Limit: 100 })).TotalCount,
  ).toBe(0);
  const { LoadBalancerIds: ids = [] } = await clbTest.done(
    clb.CreateLoadBalancer({
      LoadBalancerType: 'OPEN',
      LoadBalancerName: name,
      VpcId: vpc,
      ProjectId: 0,
      LoadBalancerPassToTarget: false,
      ...more,
    }),
  );
  return ids[0] ?? expect.fail('no load balancer was created');
}

async function createListener(LoadBalancerId: string, more: object): Promise<string> {
  const request = {
    LoadBalancerId,
    Ports: [80],
    Protocol: 'HTTP',
    ListenerNames: ['a'],
    Scheduler: 'WRR',
    ...more,
  };
  const { ListenerIds: ids = [] } = await clbTest.done(clients.clb.CreateListener(request));
  return ids[0] ?? expect.fail('no listener was created');
}

async function readListener(LoadBalancerId: string, ListenerId: string) {
  const { Listeners: [found] = [] } = await clients.clb.DescribeListeners({
    LoadBalancerId,
    ListenerIds: [ListenerId],
  });
  return found;
}

async function createRule(
  place: { LoadBalancerId: string; ListenerId: string },
  more: object = {},
): Promise<string> {
  const rule = { Url: '/', Domain: 'a.example.com', Scheduler: 'WRR', TargetType: 'NODE', ...more };
  const { LocationIds: ids = [] } = await clbTest.done(clients.clb.CreateRule({ ...place, Rules: [rule] }));
  return ids[0] ?? expect.fail('no rule was created');
}

async function createFunction(more: object = {}): Promise<void> {
  await clients.scf.CreateFunction({
    FunctionName: 'terraform',
    Namespace: 'default',
    Code: { ZipFile: zipSeedFiles({ 'index.py': 'def main_handler(event, context):\n  return 1\n' }) },
    Handler: 'index.main_handler',
    Description: '',
    MemorySize: 128,
    Timeout: 3,
    Runtime: 'Python3.9',
    PublicNetConfig: { PublicNetStatus: 'ENABLE', EipConfig: { EipStatus: 'DISABLE' } },
    ...more,
  });
  clbTest.cloud.clock.advance(5000);
}

async function publish(Description: string): Promise<string> {
  const place = { FunctionName: 'terraform', Namespace: 'default' };
  const { FunctionVersion: version = '' } = await clients.scf.PublishVersion({ ...place, Description });
  clbTest.cloud.clock.advance(5000);
  const { Status: status } = await clients.scf.GetFunction({ ...place, Qualifier: version });
  expect(status).toBe('Active');
  return version;
}

test('clb_instance', async () => {
  const { clb, tag } = clients;
  const internet = (InternetMaxBandwidthOut: number) => ({
    InternetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
    InternetMaxBandwidthOut,
  });
  const id = await createLoadBalancer({
    InternetAccessible: internet(20),
    Tags: [{ TagKey: 'a', TagValue: '1' }],
    LoadBalancerPassToTarget: true,
  });
  const read = async () => {
    const { LoadBalancerSet: [found] = [] } = await clb.DescribeLoadBalancers({ LoadBalancerIds: [id] });
    const { Tags: tags = [] } = await tag.DescribeResourceTagsByResourceIds({
      ServiceType: 'clb',
      ResourcePrefix: 'clb',
      ResourceIds: [id],
      ResourceRegion: 'ap-singapore',
      Offset: 0,
      Limit: 20,
    });
    return { ...found, tags: tags.map(({ TagKey, TagValue, ResourceId }) => [TagKey, TagValue, ResourceId]) };
  };
  await apply(() =>
    clb.SetLoadBalancerSecurityGroups({ LoadBalancerId: id, SecurityGroups: ['sg-sinopen1'] }),
  );
  expect(await read()).toMatchObject({
    LoadBalancerName: 'terraform',
    LoadBalancerType: 'OPEN',
    VpcId: vpc,
    ProjectId: 0,
    AddressIPVersion: 'ipv4',
    NetworkAttributes: internet(20),
    SecureGroups: ['sg-sinopen1'],
    LoadBalancerPassToTarget: true,
    tags: [['a', '1', id]],
  });
  await apply(() =>
    clb.ModifyLoadBalancerAttributes({
      LoadBalancerId: id,
      LoadBalancerName: 'renamed',
      InternetChargeInfo: internet(50),
    }),
  );
  await tag.ModifyResourceTags({
    Resource: `qcs::clb:ap-singapore:uin/:clb/${id}`,
    ReplaceTags: [{ TagKey: 'b', TagValue: '2' }],
    DeleteTags: [{ TagKey: 'a' }],
  });
  await apply(
    () => clb.ModifyLoadBalancerAttributes({ LoadBalancerId: id, LoadBalancerPassToTarget: false }),
    () =>
      clb.ModifyLoadBalancerSla({
        LoadBalancerSla: [{ LoadBalancerId: id, SlaType: 'clb.c2.medium' }],
        Force: false,
      }),
    () => clb.ModifyLoadBalancerAttributes({ LoadBalancerId: id, DeleteProtect: true }),
    () => clb.ModifyLoadBalancerAttributes({ LoadBalancerId: id, DeleteProtect: false }),
  );
  expect(await read()).toMatchObject({
    LoadBalancerName: 'renamed',
    NetworkAttributes: internet(50),
    LoadBalancerPassToTarget: false,
    SlaType: 'clb.c2.medium',
    AttributeFlags: expect.not.arrayContaining(['DeleteProtect']),
    tags: [['b', '2', id]],
  });
  await apply(() => clb.DeleteLoadBalancer({ LoadBalancerIds: [id] }));
  expect((await clb.DescribeLoadBalancers({ LoadBalancerIds: [id] })).LoadBalancerSet).toEqual([]);
});

test('clb_instance in a VPC, whose elastic IPs are read, too', async () => {
  const id = await createLoadBalancer({ LoadBalancerType: 'INTERNAL', SubnetId: 'subnet-sinshop2' });
  const { LoadBalancerSet: [found] = [] } = await clients.clb.DescribeLoadBalancers({
    LoadBalancerIds: [id],
  });
  expect(found).toMatchObject({ LoadBalancerType: 'INTERNAL', SubnetId: 'subnet-sinshop2' });
  const ofInstance = { Filters: [{ Name: 'instance-id', Values: [id] }] };
  expect((await clients.vpc.DescribeAddresses(ofInstance)).AddressSet).toEqual([]);
});

test('clb_listener', async () => {
  const { clb, ssl } = clients;
  const lb = await createLoadBalancer();
  const http = await createListener(lb, {});
  expect(await readListener(lb, http)).toMatchObject({ ListenerName: 'a', Port: 80, Protocol: 'HTTP' });
  await apply(() => clb.ModifyListener({ LoadBalancerId: lb, ListenerId: http, ListenerName: 'b' }));
  expect(await readListener(lb, http)).toMatchObject({ ListenerName: 'b' });

  const certificate = (CertId: string, more: object = {}) => ({ SSLMode: 'UNIDIRECTIONAL', CertId, ...more });
  expect(await ssl.DescribeCertificateDetail({ CertificateId: rsa })).toMatchObject({
    CertificateType: 'SVR',
  });
  const https = await createListener(lb, { Ports: [443], Protocol: 'HTTPS', Certificate: certificate(rsa) });
  expect(await readListener(lb, https)).toMatchObject({ SniSwitch: 0, Certificate: certificate(rsa) });
  const mutual = certificate(ecc, { SSLMode: 'MUTUAL', CertCaId: ca });
  await apply(() => clb.ModifyListener({ LoadBalancerId: lb, ListenerId: https, Certificate: mutual }));
  expect(await readListener(lb, https)).toMatchObject({ Certificate: mutual });
  const several = { SSLMode: 'UNIDIRECTIONAL', CertList: [{ CertId: rsa }, { CertId: ecc }] };
  const multi = await createListener(lb, { Ports: [444], Protocol: 'HTTPS', MultiCertInfo: several });
  const { Certificate: shown } = (await readListener(lb, multi)) ?? {};
  expect([shown?.CertId, ...(shown?.ExtCertIds ?? [])].toSorted()).toEqual([ecc, rsa].toSorted());

  const check = {
    HealthSwitch: 1,
    TimeOut: 2,
    IntervalTime: 5,
    HealthNum: 3,
    UnHealthNum: 3,
    CheckType: 'TCP',
  };
  const tcp = await createListener(lb, {
    Ports: [9000],
    Protocol: 'TCP',
    HealthCheck: { ...check, HttpCheckPath: '', CheckPort: -1 },
    SessionExpireTime: 30,
    TargetType: 'NODE',
    DeregisterTargetRst: false,
  });
  expect(await readListener(lb, tcp)).toMatchObject({
    HealthCheck: check,
    SessionExpireTime: 30,
    Scheduler: 'WRR',
    TargetType: 'NODE',
    DeregisterTargetRst: false,
  });
  const slower = { ...check, IntervalTime: 10, SourceIpType: 0 };
  await apply(() =>
    clb.ModifyListener({
      LoadBalancerId: lb,
      ListenerId: tcp,
      HealthCheck: { ...slower, HttpCheckPath: '', CheckPort: -1 },
    }),
  );
  expect(await readListener(lb, tcp)).toMatchObject({ HealthCheck: slower });
  const range = await createListener(lb, { Ports: [20], EndPort: 25, Protocol: 'TCP', TargetType: 'NODE' });
  expect(await readListener(lb, range)).toMatchObject({ Port: 20, EndPort: 25 });
  for (const id of [http, https, multi, tcp, range]) {
    await apply(() => clb.DeleteListener({ LoadBalancerId: lb, ListenerId: id }));
    expect(await readListener(lb, id)).toBeUndefined();
  }
});

test('clb_listener_rule and clb_attachment', async () => {
  const { clb } = clients;
  const lb = await createLoadBalancer();
  const place = { LoadBalancerId: lb, ListenerId: await createListener(lb, {}) };
  const id = await createRule(place);
  const read = async () =>
    (await readListener(lb, place.ListenerId))?.Rules?.find((rule) => rule.LocationId === id);
  expect(await read()).toMatchObject({
    ListenerId: place.ListenerId,
    Domain: 'a.example.com',
    Domains: ['a.example.com'],
    Url: '/',
    Scheduler: 'WRR',
    SessionExpireTime: 0,
    ForwardType: 'HTTP',
    TargetType: 'NODE',
    Certificate: null,
  });
  // The health check that was read comes back with each change.
  const HealthCheck = {
    HealthSwitch: 1,
    TimeOut: 2,
    IntervalTime: 5,
    HealthNum: 3,
    UnHealthNum: 3,
    HttpCode: 31,
    HttpCheckPath: '/',
    HttpCheckMethod: 'HEAD',
    CheckType: 'HTTP',
    SourceIpType: 0,
  };
  expect((await read())?.HealthCheck).toMatchObject(HealthCheck);
  await apply(() =>
    clb.ModifyRule({
      ...place,
      LocationId: id,
      Url: '/b',
      HealthCheck,
      Scheduler: 'LEAST_CONN',
    }),
  );
  expect(await read()).toMatchObject({ Url: '/b', Scheduler: 'LEAST_CONN', HealthCheck });

  const target = { InstanceId: server, Port: 8080 };
  await apply(() => clb.RegisterTargets({ ...place, LocationId: id, Targets: [{ ...target, Weight: 10 }] }));
  const readTargets = async () => {
    const request = { LoadBalancerId: lb, ListenerIds: [place.ListenerId], Protocol: 'HTTP', Port: 80 };
    const { Listeners: [found] = [] } = await clb.DescribeTargets(request);
    return found?.Rules?.find((rule) => rule.LocationId === id)?.Targets;
  };
  expect(await readTargets()).toMatchObject([{ Type: 'CVM', ...target, Weight: 10 }]);
  await apply(() => clb.ModifyTargetWeight({ ...place, LocationId: id, Targets: [target], Weight: 50 }));
  expect(await readTargets()).toMatchObject([{ ...target, Weight: 50 }]);
  await apply(() =>
    clb.DeregisterTargets({ ...place, LocationId: id, Targets: [{ ...target, Weight: 50 }] }),
  );
  expect(await readTargets()).toEqual([]);
  await apply(() => clb.DeleteRule({ ...place, LocationIds: [id] }));
  expect(await read()).toBeUndefined();
});

test('clb_listener_rule with a certificate of its own', async () => {
  const lb = await createLoadBalancer();
  const sni = await createListener(lb, { Ports: [443], Protocol: 'HTTPS', SniSwitch: 1 });
  const place = { LoadBalancerId: lb, ListenerId: sni };
  const Certificate = { SSLMode: 'UNIDIRECTIONAL', CertId: rsa };
  const id = await createRule(place, { Certificate });
  const read = async () => (await readListener(lb, sni))?.Rules?.find((rule) => rule.LocationId === id);
  expect(await read()).toMatchObject({ Certificate });
  const next = { ...Certificate, CertId: ecc };
  await apply(() =>
    clients.clb.ModifyDomainAttributes({ ...place, Domain: 'a.example.com', Certificate: next }),
  );
  expect(await read()).toMatchObject({ Certificate: next });
});

test('clb_function_targets_attachment', async () => {
  const { clb, scf } = clients;
  await createFunction();
  const version = await publish('one');
  const lb = await createLoadBalancer();
  const place = { LoadBalancerId: lb, ListenerId: await createListener(lb, {}) };
  const LocationId = await createRule(place);
  const targets = (Weight: number, FunctionQualifier: string) => [
    {
      Function: {
        FunctionNamespace: 'default',
        FunctionName: 'terraform',
        FunctionQualifier,
        FunctionQualifierType: 'VERSION',
      },
      Weight,
    },
  ];
  const read = async () => {
    const { Listeners: [found] = [] } = await clb.DescribeTargets({
      LoadBalancerId: lb,
      ListenerIds: [place.ListenerId],
    });
    return found?.Rules?.find((rule) => rule.LocationId === LocationId);
  };
  await apply(() =>
    clb.RegisterFunctionTargets({ ...place, LocationId, FunctionTargets: targets(10, '$LATEST') }),
  );
  expect(await read()).toMatchObject({
    Domain: 'a.example.com',
    Url: '/',
    FunctionTargets: targets(10, '$LATEST'),
  });
  await apply(() =>
    clb.ModifyFunctionTargets({ ...place, LocationId, FunctionTargets: targets(20, version) }),
  );
  expect(await read()).toMatchObject({ FunctionTargets: targets(20, version) });
  await apply(() =>
    clb.DeregisterFunctionTargets({ ...place, LocationId, FunctionTargets: targets(20, version) }),
  );
  expect((await read())?.FunctionTargets ?? []).toEqual([]);
  await scf.DeleteFunction({ FunctionName: 'terraform', Namespace: 'default', Qualifier: version });
  await scf.DeleteFunction({ FunctionName: 'terraform', Namespace: 'default' });
});

test('scf_function and its tags', async () => {
  const { scf, tag } = clients;
  const place = { FunctionName: 'terraform', Namespace: 'default' };
  await createFunction({
    ...place,
    Environment: { Variables: [{ Key: 'A', Value: '1' }] },
    IntranetConfig: { IpFixed: 'DISABLE' },
    Tags: [{ Key: 'a', Value: '1' }],
  });
  const read = async () => scf.GetFunction(place);
  expect(await read()).toMatchObject({
    Status: 'Active',
    Handler: 'index.main_handler',
    MemorySize: 128,
    Timeout: 3,
    Runtime: 'Python3.9',
    Environment: { Variables: [{ Key: 'A', Value: '1' }] },
    PublicNetConfig: { PublicNetStatus: 'ENABLE', EipConfig: { EipStatus: 'DISABLE' } },
    IntranetConfig: { IpFixed: 'DISABLE' },
    Tags: [{ Key: 'a', Value: '1' }],
  });
  await scf.UpdateFunctionConfiguration({
    ...place,
    MemorySize: 256,
    Timeout: 5,
    VpcConfig: { VpcId: vpc, SubnetId: 'subnet-sinshop2' },
    IntranetConfig: { IpFixed: 'ENABLE' },
  });
  clbTest.cloud.clock.advance(5000);
  await tag.ModifyResourceTags({
    Resource: 'qcs::scf:ap-singapore:uin/:namespace/default/function/terraform',
    ReplaceTags: [{ TagKey: 'b', TagValue: '2' }],
    DeleteTags: [{ TagKey: 'a' }],
  });
  expect(await read()).toMatchObject({
    MemorySize: 256,
    Timeout: 5,
    VpcConfig: { VpcId: vpc, SubnetId: 'subnet-sinshop2' },
    IntranetConfig: { IpFixed: 'ENABLE' },
    Tags: [{ Key: 'b', Value: '2' }],
  });
  await scf.DeleteFunction(place);
  expect(await catchCode(read())).toMatch(/^ResourceNotFound/);
});

test('scf_function_version, scf_function_alias and scf_trigger', async () => {
  const { scf } = clients;
  await createFunction();
  const place = { FunctionName: 'terraform', Namespace: 'default' };
  const versions = [await publish('one'), await publish('two')];
  const [first = '', second = ''] = versions;
  // $LATEST stays usable while a version is published, so that the provider doesn't wait for it.
  expect((await scf.GetFunction(place)).Status).toBe('Active');
  const alias = { ...place, Name: 'live' };
  const weights = (Weight: number) => ({ AdditionalVersionWeights: [{ Version: second, Weight }] });
  await scf.CreateAlias({ ...alias, FunctionVersion: first, RoutingConfig: weights(0.4), Description: 'd' });
  expect(await scf.GetAlias(alias)).toMatchObject({ FunctionVersion: first, RoutingConfig: weights(0.4) });
  await scf.UpdateAlias({ ...alias, FunctionVersion: first, RoutingConfig: weights(0.2), Description: 'e' });
  expect(await scf.GetAlias(alias)).toMatchObject({ Description: 'e', RoutingConfig: weights(0.2) });

  const trigger = { ...place, TriggerName: 'tick', Type: 'timer', Qualifier: first };
  await scf.CreateTrigger({ ...trigger, TriggerDesc: '0 0 3 1 1 * *', Enable: 'OPEN' });
  const named = { ...place, Offset: 0, Limit: 20, Filters: [{ Name: 'TriggerName', Values: ['tick'] }] };
  const readTrigger = async () => (await scf.ListTriggers(named)).Triggers ?? [];
  expect(await readTrigger()).toMatchObject([{ TriggerName: 'tick', Qualifier: first, Enable: 1 }]);
  await scf.UpdateTrigger({ ...trigger, TriggerDesc: '0 0 4 1 1 * *', Enable: 'CLOSE' });
  expect(await readTrigger()).toMatchObject([{ TriggerDesc: expect.stringContaining('0 0 4'), Enable: 0 }]);
  await scf.DeleteTrigger({ ...trigger, TriggerDesc: '0 0 4 1 1 * *' });
  expect(await readTrigger()).toEqual([]);
  await scf.DeleteAlias(alias);
  expect(await catchCode(scf.GetAlias(alias))).toMatch(/^ResourceNotFound/);
  for (const Qualifier of versions.toReversed()) await scf.DeleteFunction({ ...place, Qualifier });
  await scf.DeleteFunction(place);
});

test('scf_provisioned_concurrency_config and scf_reserved_concurrency_config', async () => {
  const { scf } = clients;
  await createFunction();
  const place = { FunctionName: 'terraform', Namespace: 'default' };
  const version = { ...place, Qualifier: await publish('one') };
  const TriggerActions = [
    {
      TriggerName: 'test',
      TriggerProvisionedConcurrencyNum: 2,
      TriggerCronConfig: '29 45 12 29 05 * 2030',
      ProvisionedType: 'Default',
    },
  ];
  await scf.PutProvisionedConcurrencyConfig({
    ...version,
    VersionProvisionedConcurrencyNum: 2,
    TriggerActions,
    ProvisionedType: 'Default',
  });
  const read = async () => (await scf.GetProvisionedConcurrencyConfig(version)).Allocated ?? [];
  expect(await read()).toMatchObject([{ AllocatedProvisionedConcurrencyNum: 2, TriggerActions }]);
  clbTest.cloud.clock.advance(60_000);
  await scf.DeleteProvisionedConcurrencyConfig(version);
  expect(await read()).toEqual([]);
  await scf.PutReservedConcurrencyConfig({ ...place, ReservedConcurrencyMem: 1280 });
  expect(await scf.GetReservedConcurrencyConfig(place)).toMatchObject({ ReservedMem: 1280 });
  await scf.DeleteReservedConcurrencyConfig(place);
  expect((await scf.GetReservedConcurrencyConfig(place)).ReservedMem ?? null).toBeNull();
});

test('dnspod_record', async () => {
  const { dnspod } = clients;
  const record = {
    Domain: 'example.com',
    RecordType: 'A',
    RecordLine: '默认',
    Value: '1.2.3.9',
    SubDomain: 'terraform',
    TTL: 600,
    Status: 'ENABLE',
  };
  const { RecordId = 0 } = await dnspod.CreateRecord(record);
  const place = { Domain: record.Domain, RecordId };
  const read = async () => (await dnspod.DescribeRecord(place)).RecordInfo;
  expect(await read()).toMatchObject({
    SubDomain: 'terraform',
    RecordType: 'A',
    RecordLine: '默认',
    Value: '1.2.3.9',
    TTL: 600,
    Enabled: 1,
    Weight: null,
    MX: 0,
  });
  const next = { ...record, Value: '1.2.3.10', TTL: 300, Weight: 10, Status: 'DISABLE', Remark: 'hello' };
  await dnspod.ModifyRecord({ ...next, RecordId });
  expect(await read()).toMatchObject({
    Value: '1.2.3.10',
    TTL: 300,
    Weight: 10,
    Enabled: 0,
    Remark: 'hello',
  });
  await dnspod.DeleteRecord(place);
  expect(await catchCode(read())).toBe('InvalidParameter.RecordIdInvalid');
});
