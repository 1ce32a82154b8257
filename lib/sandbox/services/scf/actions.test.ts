import { afterAll, beforeEach, expect, test } from 'vitest';
import { startScf } from '@/testing/sandbox/services/scf/test-scf';

const it = await startScf();
beforeEach(() => it.cloud.reset());
afterAll(() => it.cloud.plane.stop());

const hello = { FunctionName: 'hello' };
const reserve = (mb: number) => ({ ...hello, ReservedConcurrencyMem: mb });

test('sets, reads and removes a reservation, and shows it in the list and the account', async () => {
  const { scf } = it;
  expect((await scf.GetReservedConcurrencyConfig(hello)).ReservedMem).toBeNull();
  await scf.PutReservedConcurrencyConfig(reserve(12_800));
  expect((await scf.GetReservedConcurrencyConfig(hello)).ReservedMem).toBe(12_800);
  expect((await scf.ListFunctions({})).Functions?.[0]?.ReservedConcurrencyMem).toBe(12_800);
  const usage = async () => (await scf.GetAccount()).AccountUsage;
  expect(await usage()).toMatchObject({
    TotalAllocatedConcurrencyMem: 12_800,
    UserConcurrencyMemLimit: 64_000,
    TotalConcurrencyMem: 64_000,
    Namespace: [{ Namespace: 'default', Functions: ['hello'], TotalAllocatedConcurrencyMem: 12_800 }],
  });
  await scf.PutReservedConcurrencyConfig(reserve(0));
  expect((await scf.GetReservedConcurrencyConfig(hello)).ReservedMem).toBe(0);
  await scf.DeleteReservedConcurrencyConfig(hello);
  expect((await scf.GetReservedConcurrencyConfig(hello)).ReservedMem).toBeNull();
});

test('keeps 12,800 MB of the region’s quota free', async () => {
  const { scf, make, refusal } = it;
  await make('shop');
  await scf.PutReservedConcurrencyConfig(reserve(51_200));
  const shop = { FunctionName: 'shop', ReservedConcurrencyMem: 128 };
  expect(await refusal(() => scf.PutReservedConcurrencyConfig(shop))).toBe(
    'LimitExceeded.FunctionReservedConcurrencyMemory',
  );
  // The function's own reservation does not count against it.
  await scf.PutReservedConcurrencyConfig(reserve(51_072));
  await scf.PutReservedConcurrencyConfig(shop);
  expect(await refusal(() => scf.PutReservedConcurrencyConfig(reserve(-1)))).toBe('InvalidParameterValue');
  expect(await refusal(() => scf.PutReservedConcurrencyConfig({ ...shop, FunctionName: 'none' }))).toBe(
    'ResourceNotFound.Function',
  );
});

test('refuses a reservation below what is provisioned, except 0, which stops the function', async () => {
  const { scf, cloud, make, refusal } = it;
  await make('shop', 1);
  await scf.PutProvisionedConcurrencyConfig({
    FunctionName: 'shop',
    Qualifier: '1',
    VersionProvisionedConcurrencyNum: 10,
  });
  cloud.clock.advance(60_000);
  const shop = (mb: number) => ({ FunctionName: 'shop', ReservedConcurrencyMem: mb });
  expect(await refusal(() => scf.PutReservedConcurrencyConfig(shop(1279)))).toBe(
    'FailedOperation.ProvisionedExceedReserved',
  );
  await scf.PutReservedConcurrencyConfig(shop(1280));
  await scf.PutReservedConcurrencyConfig(shop(0));
});

test('counts reservations against a lowered quota of the account', async () => {
  const { scf, refusal } = it;
  await scf.PutReservedConcurrencyConfig(reserve(6400));
  it.cloud.account('small-standard').concurrencyMb['ap-singapore'] = 19_200;
  const { AccountUsage: usage, AccountLimit: limit } = await scf.GetAccount();
  expect([usage?.TotalConcurrencyMem, usage?.UserConcurrencyMemLimit]).toEqual([64_000, 19_200]);
  expect(limit).toMatchObject({
    NamespacesCount: 5,
    Namespace: [
      { Namespace: 'default', FunctionsCount: 50, Trigger: { Clb: 10, Timer: 10 }, TimeoutLimit: 900 },
    ],
  });
  expect(await refusal(() => scf.PutReservedConcurrencyConfig(reserve(6401)))).toBe(
    'LimitExceeded.FunctionReservedConcurrencyMemory',
  );
  const large = await it.cloud.clients({ region: 'ap-guangzhou' }).scf.GetAccount();
  expect(large.AccountUsage?.UserConcurrencyMemLimit).toBe(128_000);
});
