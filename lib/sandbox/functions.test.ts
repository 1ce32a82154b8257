import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';
import { pageHandler, zipSeedFiles } from './seeds/parts';

const cloud = await startTestCloud();
const { scf } = cloud.clients();
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

const zip = zipSeedFiles({ 'index.py': pageHandler('New') });
const fresh = {
  FunctionName: 'fresh',
  Code: { ZipFile: zip },
  Handler: 'index.main_handler',
  Runtime: 'Python3.10',
  MemorySize: 256,
  Timeout: 10,
  Environment: { Variables: [{ Key: 'SHOP', Value: 'niaga' }] },
};

test('creates, updates and publishes a function, each through its transitional status', async () => {
  const status = async (qualifier = '$LATEST') =>
    (await scf.GetFunction({ FunctionName: 'fresh', Qualifier: qualifier })).Status;
  await scf.CreateFunction(fresh);
  expect(await status()).toBe('Creating');
  expect(await catchCode(scf.PublishVersion({ FunctionName: 'fresh' }))).toBe(
    'FailedOperation.PublishVersion',
  );
  cloud.clock.advance(1000);
  expect(await scf.GetFunction({ FunctionName: 'fresh' })).toMatchObject({
    Status: 'Active',
    Type: 'Event',
    Handler: 'index.main_handler',
    MemorySize: 256,
    Timeout: 10,
    Environment: fresh.Environment,
    CodeSize: Buffer.from(zip, 'base64').byteLength,
    Triggers: [],
  });
  const { FunctionVersion: first } = await scf.PublishVersion({ FunctionName: 'fresh' });
  // Only the version is in transition: $LATEST continues unchanged, and can be changed meanwhile.
  expect([first, await status(first), await status()]).toEqual(['1', 'Publishing', 'Active']);
  const { Versions: listed = [] } = await scf.ListVersionByFunction({ FunctionName: 'fresh' });
  expect(listed.map((each) => [each.Version, each.Status])).toEqual([
    ['$LATEST', 'Active'],
    ['1', 'Publishing'],
  ]);
  cloud.clock.advance(1000);
  expect(await status(first)).toBe('Active');

  await scf.UpdateFunctionCode({
    FunctionName: 'fresh',
    ZipFile: zipSeedFiles({ 'index.py': 'pass' }),
    Handler: 'index.other',
  });
  expect(await status()).toBe('Updating');
  cloud.clock.advance(1000);
  const published = await scf.GetFunction({ FunctionName: 'fresh', Qualifier: '1' });
  expect(published).toMatchObject({ Handler: 'index.main_handler', FunctionVersion: '1' });
  expect((await scf.GetFunction({ FunctionName: 'fresh' })).Handler).toBe('index.other');
  const versions = await scf.ListVersionByFunction({ FunctionName: 'fresh' });
  expect([versions.TotalCount, versions.FunctionVersion]).toEqual([2, ['$LATEST', '1']]);
});

test.each([
  [{ FunctionName: 'hello' }, 'ResourceInUse.Function'],
  [{ FunctionName: '1st' }, 'InvalidParameterValue.FunctionName'],
  [{ Namespace: 'nowhere' }, 'ResourceNotFound.Namespace'],
  [{ Code: { ZipFile: 'not base64!' } }, 'InvalidParameterValue.ZipFileBase64BinasciiError'],
  [{ Code: { ZipFile: Buffer.from('no zip here.').toString('base64') } }, 'InvalidParameterValue.ZipFile'],
  [{ Code: {} }, 'MissingParameter.Code'],
  [{ MemorySize: 100 }, 'InvalidParameterValue.MemorySize'],
  [{ Timeout: 901 }, 'InvalidParameterValue.Timeout'],
  [{ Runtime: 'Cobol85' }, 'InvalidParameterValue.Runtime'],
  [{ Handler: 'main' }, 'InvalidParameterValue.Handler'],
  [{ Type: 'Web' }, 'InvalidParameterValue.Type'],
])('refuses an invalid function: %j', async (change, code) => {
  expect(await catchCode(scf.CreateFunction({ ...fresh, ...change }))).toBe(code);
});

test('lists functions by namespace, filtered and in pages', async () => {
  await scf.CreateFunction(fresh);
  const all = await scf.ListFunctions({ Order: 'ASC', Orderby: 'FunctionName' });
  expect(all.Functions?.map((fn) => fn.FunctionName)).toEqual(['fresh', 'hello']);
  const creating = await scf.ListFunctions({ Filters: [{ Name: 'Status', Values: ['Creating'] }] });
  expect(creating.Functions?.map((fn) => fn.FunctionName)).toEqual(['fresh']);
  expect((await scf.ListFunctions({ Limit: 1, Offset: 2 })).Functions).toEqual([]);
  expect(await catchCode(scf.ListFunctions({ Namespace: 'nowhere' }))).toBe('ResourceNotFound.Namespace');
  expect(await catchCode(scf.GetFunction({ FunctionName: 'none' }))).toBe('ResourceNotFound.Function');
  expect(await catchCode(scf.GetFunction({ FunctionName: 'hello', Qualifier: '3' }))).toBe(
    'ResourceNotFound.Version',
  );
});

test('finds servers by id or by filter', async () => {
  const { cvm } = cloud.clients();
  const byId = await cvm.DescribeInstances({ InstanceIds: ['ins-web00002'] });
  expect(byId.InstanceSet).toMatchObject([{ InstanceName: 'web-2', PrivateIpAddresses: ['127.81.100.2'] }]);
  const none = await cvm.DescribeInstances({ Filters: [{ Name: 'instance-state', Values: ['STOPPED'] }] });
  expect(none.TotalCount).toBe(0);
  expect(await catchCode(cvm.DescribeInstances({ InstanceIds: ['ins-none'] }))).toBe(
    'InvalidInstanceId.NotFound',
  );
});
