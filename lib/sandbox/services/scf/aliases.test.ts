import { afterAll, beforeEach, expect, test } from 'vitest';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { startScf } from '@/testing/sandbox/services/scf/test-scf';

const it = await startScf();
beforeEach(async () => {
  await it.cloud.reset();
  await it.make('shop', 2);
});
afterAll(() => it.cloud.plane.stop());

const shop = { FunctionName: 'shop' };
const share = (Version: string, Weight: number) => ({
  RoutingConfig: { AdditionalVersionWeights: [{ Version, Weight }] },
});

test('creates, reads, moves and deletes an alias', async () => {
  const { scf, cloud, refusal } = it;
  await scf.CreateAlias({ ...shop, Name: 'live', FunctionVersion: '1', Description: 'What customers see' });
  expect(await scf.GetAlias({ ...shop, Name: 'live' })).toMatchObject({
    Name: 'live',
    FunctionVersion: '1',
    Description: 'What customers see',
    RoutingConfig: { AdditionalVersionWeights: [], AddtionVersionMatchs: [] },
  });
  cloud.clock.advance(5000);
  await scf.UpdateAlias({ ...shop, Name: 'live', FunctionVersion: '1', ...share('2', 0.25) });
  const moved = await scf.GetAlias({ ...shop, Name: 'live' });
  expect(moved).toMatchObject({
    Description: 'What customers see',
    RoutingConfig: { AdditionalVersionWeights: [{ Version: '2', Weight: 0.25 }] },
  });
  expect(moved.ModTime).not.toBe(moved.AddTime);
  await scf.UpdateAlias({ ...shop, Name: 'live', FunctionVersion: '2' });
  expect(await scf.GetFunction({ ...shop, Qualifier: 'live' })).toMatchObject({
    FunctionVersion: '2',
    Qualifier: 'live',
  });
  expect((await scf.GetAlias({ ...shop, Name: 'live' })).RoutingConfig?.AdditionalVersionWeights).toEqual([]);
  await scf.DeleteAlias({ ...shop, Name: 'live' });
  expect(await refusal(() => scf.GetAlias({ ...shop, Name: 'live' }))).toBe('ResourceNotFound.Alias');
});

test('lists aliases in pages, and by the version that they name', async () => {
  const { scf, refusal } = it;
  await scf.CreateAlias({ ...shop, Name: 'one', FunctionVersion: '1' });
  await scf.CreateAlias({ ...shop, Name: 'both', FunctionVersion: '2', ...share('1', 0.5) });
  const names = async (request = {}) => {
    const answer = await scf.ListAliases({ ...shop, ...request });
    return [answer.TotalCount, answer.Aliases?.map((alias) => alias.Name)];
  };
  expect(await names()).toEqual([3, ['$DEFAULT', 'one', 'both']]);
  expect(await names({ FunctionVersion: '1' })).toEqual([2, ['one', 'both']]);
  expect(await names({ Offset: '1', Limit: '1' })).toEqual([3, ['one']]);
  expect(await refusal(() => scf.ListAliases({ ...shop, Limit: 'ten' }))).toBe('InvalidParameterValue');
});

test('allows moving $DEFAULT, but not deleting it', async () => {
  const { scf, refusal } = it;
  await scf.UpdateAlias({ ...shop, Name: '$DEFAULT', FunctionVersion: '2' });
  expect((await scf.GetAlias({ ...shop, Name: '$DEFAULT' })).FunctionVersion).toBe('2');
  expect(await refusal(() => scf.DeleteAlias({ ...shop, Name: '$DEFAULT' }))).toBe(
    'InvalidParameterValue.Alias',
  );
});

const match = { Version: '2', Key: 'invoke.headers.User', Method: 'exact', Expression: 'Ann' };
const matching = (change: Partial<typeof match>) => ({
  RoutingConfig: { AddtionVersionMatchs: [{ ...match, ...change }] },
});

test('selects an alias’s additional version by routing key', async () => {
  const { scf } = it;
  await scf.CreateAlias({ ...shop, Name: 'live', FunctionVersion: '1', ...matching({}) });
  expect((await scf.GetAlias({ ...shop, Name: 'live' })).RoutingConfig).toEqual({
    AdditionalVersionWeights: [],
    AddtionVersionMatchs: [match],
  });
});

test.each([
  [{ Name: '1st' }, 'InvalidParameterValue.Name'],
  [{ Name: 'x'.repeat(65) }, 'InvalidParameterValue.Name'],
  [{ Name: '$DEFAULT' }, 'InvalidParameterValue.Name'],
  [{ FunctionVersion: '3' }, 'ResourceNotFound.FunctionVersion'],
  [{ FunctionName: 'none' }, 'ResourceNotFound.Function'],
  [{ Namespace: 'none' }, 'ResourceNotFound.Namespace'],
  [share('1', 0.5), 'InvalidParameterValue.AdditionalVersionWeights'],
  [share('3', 0.5), 'ResourceNotFound.FunctionVersion'],
  [share('2', 1.5), 'InvalidParameterValue.AdditionalVersionWeights'],
  [
    {
      RoutingConfig: {
        AdditionalVersionWeights: ['2', '$LATEST'].map((Version) => ({ Version, Weight: 0.1 })),
      },
    },
    'InvalidParameterValue.AdditionalVersionWeights',
  ],
  [
    { RoutingConfig: { ...share('2', 0.5).RoutingConfig, ...matching({}).RoutingConfig } },
    'InvalidParameterValue.RoutingConfig',
  ],
  [matching({ Method: 'prefix' }), 'InvalidParameterValue.RoutingConfig'],
  [matching({ Method: 'range' }), 'InvalidParameterValue.RoutingConfig'],
  [matching({ Key: 'User' }), 'InvalidParameterValue.RoutingConfig'],
])('refuses an invalid alias: %j', async (change, code) => {
  const request = { ...shop, Name: 'live', FunctionVersion: '1', ...change };
  expect(await it.refusal(() => it.scf.CreateAlias(request))).toBe(code);
});

test('refuses a duplicate name, and the deletion of an alias in use', async () => {
  const { scf, cloud, refusal } = it;
  const live = { ...shop, Name: 'live' };
  await scf.CreateAlias({ ...live, FunctionVersion: '1' });
  expect(await refusal(() => scf.CreateAlias({ ...live, FunctionVersion: '2' }))).toBe('ResourceInUse.Alias');
  expect(await refusal(() => scf.UpdateAlias({ ...live, Name: 'none', FunctionVersion: '1' }))).toBe(
    'ResourceNotFound.Alias',
  );
  const timer = { Type: 'timer', TriggerName: 'tick', TriggerDesc: '0 0 3 * * * *', Qualifier: 'live' };
  await scf.CreateTrigger({ ...shop, ...timer });
  expect(await refusal(() => scf.DeleteAlias(live))).toBe('FailedOperation.DeleteAlias');
  await scf.DeleteTrigger({ ...shop, ...timer });
  await scf.DeleteAlias(live);
  cloud.clock.advance(1000);
});

test('keeps the share on an update without routing, if so assumed', async () => {
  const assumptions = new Assumptions();
  assumptions.set('alias.omittedRouting', 'keep');
  const other = await startScf({ assumptions });
  await other.make('shop', 2);
  await other.scf.CreateAlias({ ...shop, Name: 'live', FunctionVersion: '1', ...share('2', 0.5) });
  await other.scf.UpdateAlias({ ...shop, Name: 'live', FunctionVersion: '1' });
  const { RoutingConfig: routing } = await other.scf.GetAlias({ ...shop, Name: 'live' });
  expect(routing).toMatchObject(share('2', 0.5).RoutingConfig);
  await other.cloud.plane.stop();
});
