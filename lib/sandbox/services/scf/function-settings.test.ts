import { afterAll, beforeEach, expect, test } from 'vitest';
import { startScf } from '@/testing/sandbox/services/scf/test-scf';
import { pageHandler, zipSeedFiles } from '../../seeds/parts';

const it = await startScf();
beforeEach(() => it.cloud.reset());
afterAll(() => it.cloud.plane.stop());

const zip = zipSeedFiles({ 'index.py': pageHandler('New') });
const plain = { FunctionName: 'fresh', Code: { ZipFile: zip }, Handler: 'index.main_handler' };
const settings = {
  Description: 'Pages of the sale',
  MemorySize: 512,
  Timeout: 30,
  InitTimeout: 90,
  Environment: { Variables: [{ Key: 'SHOP', Value: 'niaga' }] },
  Role: 'SCF_ExecuteRole',
  VpcConfig: { VpcId: 'vpc-sinshop1', SubnetId: 'subnet-sinshop2' },
  ClsLogsetId: 'logset-1',
  ClsTopicId: 'topic-1',
  DnsCache: 'TRUE',
};

test('assigns an unused fixed address of the subnet, and keeps it', async () => {
  const { scf, cloud, refusal } = it;
  const { VpcConfig } = settings;
  const fixed = { IntranetConfig: { IpFixed: 'ENABLE' } };
  const readAddress = async (FunctionName: string, Qualifier = '$LATEST') => {
    cloud.clock.advance(1000);
    return (await scf.GetFunction({ FunctionName, Qualifier })).IntranetConfig;
  };
  expect(await refusal(() => scf.CreateFunction({ ...plain, ...fixed }))).toBe('InvalidParameterValue');
  await scf.CreateFunction({ ...plain, VpcConfig, ...fixed });
  await scf.CreateFunction({ ...plain, FunctionName: 'other', VpcConfig, ...fixed });
  const first = await readAddress('fresh');
  const [address = ''] = first?.IpAddress ?? [];
  const subnet = cloud.account('small-standard').subnets[VpcConfig.SubnetId];
  expect(address.split('.').slice(0, 2)).toEqual(subnet?.cidr.split('.').slice(0, 2));
  expect((await readAddress('other'))?.IpAddress).not.toEqual([address]);
  await scf.UpdateFunctionConfiguration({ FunctionName: 'fresh', Timeout: 9 });
  expect(await readAddress('fresh')).toEqual({ IpFixed: 'ENABLE', IpAddress: [address] });
  await scf.PublishVersion({ FunctionName: 'fresh' });
  await scf.UpdateFunctionConfiguration({ FunctionName: 'fresh', IntranetConfig: { IpFixed: 'DISABLE' } });
  expect(await readAddress('fresh')).toEqual({ IpFixed: 'DISABLE', IpAddress: [] });
  expect(await readAddress('fresh', '1')).toEqual({ IpFixed: 'ENABLE', IpAddress: [address] });
});

test('removes all variables when one without a name is sent, as the Terraform provider does', async () => {
  const { scf, cloud } = it;
  await scf.CreateFunction({ ...plain, Environment: settings.Environment });
  cloud.clock.advance(1000);
  const none = { Variables: [{ Key: '', Value: '' }] };
  await scf.UpdateFunctionConfiguration({ FunctionName: 'fresh', Environment: none });
  cloud.clock.advance(1000);
  expect((await scf.GetFunction({ FunctionName: 'fresh' })).Environment).toEqual({ Variables: [] });
});

test('shows in GetFunction every setting that a function was created with', async () => {
  const { scf, cloud } = it;
  await scf.CreateFunction({
    ...plain,
    ...settings,
    Runtime: 'Python3.10',
    AsyncRunEnable: 'TRUE',
    TraceEnable: 'TRUE',
    Tags: [{ Key: 'team', Value: 'web' }],
    PublicNetConfig: { PublicNetStatus: 'DISABLE', EipConfig: { EipStatus: 'DISABLE' } },
  });
  cloud.clock.advance(1000);
  expect(await scf.GetFunction({ FunctionName: 'fresh', ShowCode: 'TRUE' })).toMatchObject({
    ...settings,
    AsyncRunEnable: 'TRUE',
    TraceEnable: 'TRUE',
    Tags: [{ Key: 'team', Value: 'web' }],
    PublicNetConfig: { PublicNetStatus: 'DISABLE', EipConfig: { EipStatus: 'DISABLE', EipAddress: [] } },
    CodeInfo: pageHandler('New'),
    InstanceConcurrencyConfig: null,
    ProtocolType: '',
  });
  expect((await scf.GetFunction({ FunctionName: 'fresh' })).CodeInfo).toBe('');
});

test('stores the settings that only an HTTP function has', async () => {
  await it.scf.CreateFunction({
    FunctionName: 'web',
    Code: { ZipFile: zip },
    Type: 'HTTP',
    ProtocolType: 'WS',
    InstanceConcurrencyConfig: { DynamicEnabled: 'FALSE', MaxConcurrency: 20 },
  });
  expect(await it.scf.GetFunction({ FunctionName: 'web' })).toMatchObject({
    Type: 'HTTP',
    ProtocolType: 'WS',
    ProtocolParams: { WSParams: { IdleTimeOut: 15 } },
    InstanceConcurrencyConfig: { DynamicEnabled: 'FALSE', MaxConcurrency: 20 },
  });
});

test('updates only the named settings, and leaves versions unchanged', async () => {
  const { scf, cloud, make } = it;
  await make('fresh', 1);
  await scf.UpdateFunctionConfiguration({
    FunctionName: 'fresh',
    MemorySize: 256,
    Environment: { Variables: [{ Key: 'A', Value: '1' }] },
    Publish: 'TRUE',
  });
  expect((await scf.GetFunction({ FunctionName: 'fresh' })).Status).toBe('Updating');
  cloud.clock.advance(1000);
  await scf.UpdateFunctionConfiguration({ FunctionName: 'fresh', Timeout: 60, Environment: {} });
  cloud.clock.advance(1000);
  const sizes = async (qualifier: string) => {
    const found = await scf.GetFunction({ FunctionName: 'fresh', Qualifier: qualifier });
    return [found.MemorySize, found.Timeout, found.Environment?.Variables?.length];
  };
  expect(await sizes('$LATEST')).toEqual([256, 60, 0]);
  expect(await sizes('1')).toEqual([128, 3, 0]);
  expect(await sizes('2')).toEqual([256, 3, 1]);
});

test.each([
  [{ MemorySize: 3200 }, 'InvalidParameterValue.MemorySize'],
  [{ Timeout: 0 }, 'InvalidParameterValue.Timeout'],
  [{ InitTimeout: 301 }, 'LimitExceeded.InitTimeout'],
  [{ Description: 'x'.repeat(1001) }, 'InvalidParameterValue.Description'],
  [{ Environment: { Variables: [{ Key: '1A', Value: 'b' }] } }, 'InvalidParameterValue.Environment'],
  [{ Environment: { Variables: [{ Key: 'A', Value: '' }] } }, 'InvalidParameterValue.Environment'],
  [
    { Environment: { Variables: [{ Key: 'SCF_REGION', Value: 'x' }] } },
    'InvalidParameterValue.EnvironmentSystemProtect',
  ],
  [
    { Environment: { Variables: [{ Key: 'A', Value: 'x'.repeat(4096) }] } },
    'InvalidParameterValue.EnvironmentExceededLimit',
  ],
  [{ VpcConfig: { VpcId: 'vpc-none', SubnetId: 'subnet-none' } }, 'ResourceNotFound.Vpc'],
  [{ Layers: [{ LayerName: 'numpy', LayerVersion: 1 }] }, 'ResourceNotFound.Layer'],
  [{ DeadLetterConfig: { Type: 'CMQ-QUEUE', Name: 'dead' } }, 'ResourceNotFound.Cmq'],
  [{ InstallDependency: 'TRUE' }, 'UnsupportedOperation'],
  [{ InstallDependency: 'yes' }, 'InvalidParameterValue'],
  [{ InstanceConcurrencyConfig: { MaxConcurrency: 2 } }, 'InvalidParameterValue.InstanceConcurrencyConfig'],
  [
    { PublicNetConfig: { PublicNetStatus: 'ENABLE', EipConfig: { EipStatus: 'ENABLE' } } },
    'UnsupportedOperation.EipFixed',
  ],
])('refuses %j on both creation and update', async (change, code) => {
  const { scf, refusal } = it;
  expect(await refusal(() => scf.CreateFunction({ ...plain, ...change }))).toBe(code);
  expect(await refusal(() => scf.UpdateFunctionConfiguration({ FunctionName: 'hello', ...change }))).toBe(
    code,
  );
});

test('requires file.function as the handler, but the name of a program for Go', async () => {
  const { scf, cloud, refusal } = it;
  const go = { ...plain, Handler: 'main', Runtime: 'Go1' };
  await scf.CreateFunction(go);
  cloud.clock.advance(1000);
  expect((await scf.GetFunction({ FunctionName: 'fresh' })).Handler).toBe('main');
  expect(
    await refusal(() => scf.CreateFunction({ ...go, FunctionName: 'two', Runtime: 'Nodejs18.15' })),
  ).toBe('InvalidParameterValue.Handler');
  const update = { FunctionName: 'hello', ZipFile: zip, Handler: 'main' };
  expect(await refusal(() => scf.UpdateFunctionCode(update))).toBe('InvalidParameterValue.Handler');
  const java = { FunctionName: 'java', Handler: 'example.Hello::handle', Runtime: 'Java8' };
  await scf.CreateFunction({ ...plain, ...java });
});

test('refuses code that is stored elsewhere, or sent in two ways', async () => {
  const { scf, refusal } = it;
  const cos = { CosBucketName: 'code', CosObjectName: '/code.zip' };
  expect(await refusal(() => scf.CreateFunction({ ...plain, Code: cos }))).toBe(
    'InvalidParameterValue.CosBucketName',
  );
  expect(await refusal(() => scf.CreateFunction({ ...plain, Code: { ...cos, ZipFile: zip } }))).toBe(
    'InvalidParameterValue.Code',
  );
  expect(await refusal(() => scf.UpdateFunctionCode({ FunctionName: 'hello', ...cos }))).toBe(
    'InvalidParameterValue.CosBucketName',
  );
  expect(await refusal(() => scf.UpdateFunctionCode({ FunctionName: 'hello' }))).toBe(
    'MissingParameter.Code',
  );
});

test('refuses other changes while a function is being changed, and never changes its runtime', async () => {
  const { scf, cloud, refusal } = it;
  const other = { FunctionName: 'hello', Runtime: 'Nodejs18.15' };
  expect(await refusal(() => scf.UpdateFunctionConfiguration(other))).toBe('InvalidParameterValue.Runtime');
  await scf.UpdateFunctionConfiguration({ FunctionName: 'hello', Runtime: 'Python3.10', Timeout: 5 });
  expect(await refusal(() => scf.UpdateFunctionConfiguration({ FunctionName: 'hello', Timeout: 6 }))).toBe(
    'FailedOperation.UpdateFunctionConfiguration',
  );
  expect(await refusal(() => scf.UpdateFunctionCode({ FunctionName: 'hello', ZipFile: zip }))).toBe(
    'FailedOperation.FunctionStatusError',
  );
  expect(await refusal(() => scf.DeleteFunction({ FunctionName: 'hello' }))).toBe(
    'FailedOperation.FunctionStatusError',
  );
  cloud.clock.advance(1000);
  expect((await scf.GetFunction({ FunctionName: 'hello' })).Timeout).toBe(5);
});

test('finds functions that match all filters', async () => {
  const { scf, refusal } = it;
  const tags = [{ Key: 'team', Value: 'web' }];
  await scf.CreateFunction({ ...plain, ...settings, Tags: tags });
  await scf.CreateFunction({ ...plain, FunctionName: 'web', Type: 'HTTP' });
  const found = async (...filters: [string, string[]][]) => {
    const request = { Filters: filters.map(([Name, Values]) => ({ Name, Values })) };
    const answer = await scf.ListFunctions({ ...request, Orderby: 'FunctionName', Order: 'ASC' });
    return answer.Functions?.map((fn) => fn.FunctionName);
  };
  expect(await found(['Type', ['HTTP']])).toEqual(['web']);
  expect(await found(['VpcId', ['vpc-sinshop1']])).toEqual(['fresh']);
  expect(await found(['Role', ['SCF_ExecuteRole']], ['Status', ['Creating', 'Active']])).toEqual(['fresh']);
  expect(await found(['Runtime', ['Python2.7', 'Python3.10']])).toEqual(['fresh', 'hello', 'web']);
  expect(await found(['tag-team', ['web', 'shop']])).toEqual(['fresh']);
  expect(await found(['tag-team', ['shop']])).toEqual([]);
  const two = { Filters: [{ Name: 'VpcId', Values: ['a', 'b'] }] };
  expect(await refusal(() => scf.ListFunctions(two))).toBe('InvalidParameterValue.Filters');
  const unknown = { Filters: [{ Name: 'Size', Values: ['1'] }] };
  expect(await refusal(() => scf.ListFunctions(unknown))).toBe('InvalidParameterValue.Filters');
  expect((await scf.ListFunctions({ SearchKey: 'res', Description: 'sale' })).TotalCount).toBe(1);
  expect(await refusal(() => scf.ListFunctions({ Limit: 101 }))).toBe('InvalidParameterValue.Limit');
  expect(await refusal(() => scf.ListFunctions({ Offset: -1 }))).toBe('InvalidParameterValue.Offset');
  expect(await refusal(() => scf.ListFunctions({ Order: 'asc' }))).toBe('InvalidParameterValue.Order');
});
