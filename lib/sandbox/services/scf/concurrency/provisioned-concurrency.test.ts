import type { PutProvisionedConcurrencyConfigRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTelemetry } from '@/lib/sandbox/telemetry/telemetry';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { startScf } from '@/testing/sandbox/services/scf/test-scf';

const telemetry = createTelemetry();
const it = await startScf({ telemetry });
beforeEach(async () => {
  await it.cloud.reset();
  await it.make('shop', 2);
});
afterAll(() => it.cloud.plane.stop());

const shop = { FunctionName: 'shop' };
const version = { ...shop, Qualifier: '1' };
const minute = 60_000;

async function put(
  num: number,
  change: Partial<PutProvisionedConcurrencyConfigRequest> = {},
): Promise<unknown> {
  const plain = { ...version, VersionProvisionedConcurrencyNum: num };
  return it.scf.PutProvisionedConcurrencyConfig({ ...plain, ...change });
}

/** Returns the wanted and warm instances and the status of version 1. */
async function state() {
  const { Allocated: allocated = [] } = await it.scf.GetProvisionedConcurrencyConfig(version);
  const [info] = allocated;
  return [info?.AllocatedProvisionedConcurrencyNum, info?.AvailableProvisionedConcurrencyNum, info?.Status];
}

test('warms up instances at 100 a minute, and refuses other changes until they are warm', async () => {
  const { scf, cloud, refusal } = it;
  await put(150);
  expect(await state()).toEqual([150, 0, 'InProgress']);
  cloud.clock.advance(minute);
  expect(await state()).toEqual([150, 100, 'InProgress']);
  expect(await refusal(() => put(10))).toBe('FailedOperation.ProvisionedInProgress');
  expect(await refusal(() => scf.DeleteProvisionedConcurrencyConfig(version))).toBe(
    'FailedOperation.ProvisionedInProgress',
  );
  cloud.clock.advance(minute / 2);
  expect(await state()).toEqual([150, 150, 'Done']);
  await put(20);
  expect(await state()).toEqual([20, 20, 'Done']);
  const [listed] = (await scf.ListFunctions({ SearchKey: 'shop' })).Functions ?? [];
  expect(listed?.TotalProvisionedConcurrencyMem).toBe(20 * 128);
  await scf.DeleteProvisionedConcurrencyConfig(version);
  expect(await scf.GetProvisionedConcurrencyConfig(shop)).toMatchObject({
    Allocated: [],
    // 64,000 MB at 128 MB, minus the 100 that must stay free.
    UnallocatedConcurrencyNum: 400,
  });
});

test('changes the wanted number when scheduled tasks are due', async () => {
  const { scf, cloud } = it;
  const at = (ms: number) => new Date(cloud.clock.now() + ms + 8 * 3_600_000);
  const cron = (time: Date) =>
    `${time.getUTCSeconds()} ${time.getUTCMinutes()} ${time.getUTCHours()} ${time.getUTCDate()} ${time.getUTCMonth() + 1} * ${time.getUTCFullYear()}`;
  const tasks = [
    { TriggerName: 'open', TriggerProvisionedConcurrencyNum: 80, TriggerCronConfig: cron(at(10 * minute)) },
    { TriggerName: 'close', TriggerProvisionedConcurrencyNum: 0, TriggerCronConfig: cron(at(20 * minute)) },
  ];
  await put(0, { TriggerActions: tasks, ProvisionedType: 'Default' });
  const { Allocated: allocated } = await scf.GetProvisionedConcurrencyConfig(version);
  expect(allocated?.[0]?.TriggerActions).toEqual(
    tasks.map((task) => ({ ...task, ProvisionedType: 'Default' })),
  );
  expect(await state()).toEqual([0, 0, 'Done']);
  cloud.clock.advance(11 * minute);
  expect(await state()).toEqual([80, 80, 'Done']);
  cloud.clock.advance(10 * minute);
  expect(await state()).toEqual([0, 0, 'Done']);
});

test('tracks the calls that were made', async () => {
  const { cloud } = it;
  const tracked = { ProvisionedType: 'ConcurrencyUtilizationTracking', TrackingTarget: 0.5 };
  await put(0, { ...tracked, MinCapacity: 2, MaxCapacity: 30 });
  cloud.clock.advance(minute);
  expect(await state()).toEqual([2, 2, 'Done']);
  const call = { region: 'ap-singapore', namespace: 'default', name: 'shop', qualifier: '1', version: '1' };
  const outcome = { status: 200, errorMessage: '', coldStart: false, memoryMb: 20, log: '', answer: '' };
  for (let count = 1; count <= 8; count += 1) {
    telemetry.invocations.record({
      ...call,
      ...outcome,
      uin: '100000000001',
      requestId: `r${count}`,
      concurrency: count,
      at: cloud.clock.now(),
      durationMs: 30_000,
    });
  }
  cloud.clock.advance(minute);
  expect(await state()).toEqual([16, 16, 'Done']);
  cloud.clock.advance(11 * minute);
  expect(await state()).toEqual([2, 2, 'Done']);
});

const task = { TriggerName: 'open', TriggerProvisionedConcurrencyNum: 1, TriggerCronConfig: '0 0 9 * * * *' };
const track = { ProvisionedType: 'ConcurrencyUtilizationTracking', TrackingTarget: 0.5, MaxCapacity: 5 };

test.each<[number, Partial<PutProvisionedConcurrencyConfigRequest>, string]>([
  [1, { Qualifier: '$LATEST' }, 'InvalidParameterValue.Qualifier'],
  [1, { Qualifier: '$DEFAULT' }, 'InvalidParameterValue.Qualifier'],
  [1, { Qualifier: '9' }, 'ResourceNotFound.FunctionVersion'],
  [1, { FunctionName: 'none' }, 'ResourceNotFound.Function'],
  [401, {}, 'FailedOperation.ProvisionedExceedAvailable'],
  [-1, {}, 'InvalidParameterValue'],
  [1, { ProvisionedType: 'Dynamic' }, 'InvalidParameterValue.ProvisionType'],
  [1, { TrackingTarget: 0.5 }, 'InvalidParameterValue.TrackingTarget'],
  [0, { ...track, TrackingTarget: 1 }, 'InvalidParameterValue.TrackingTarget'],
  [0, { ...track, MinCapacity: 0 }, 'InvalidParameterValue.MinCapacity'],
  [0, { ...track, MinCapacity: 6 }, 'InvalidParameterValue.MaxCapacity'],
  [0, { ...track, MaxCapacity: 401 }, 'FailedOperation.ProvisionedExceedAvailable'],
  [3, track, 'InvalidParameterValue.ProvisionType'],
  [0, { ...track, TriggerActions: [task] }, 'InvalidParameterValue.ProvisionType'],
  [
    0,
    { TriggerActions: [{ ...task, TriggerCronConfig: '0 9 * * *' }] },
    'InvalidParameterValue.TriggerCronConfig',
  ],
  [
    0,
    { TriggerActions: [{ ...task, TriggerCronConfig: '*/30 * * * * * *' }] },
    'InvalidParameterValue.TriggerCronConfigTimeInterval',
  ],
  [
    0,
    { TriggerActions: [task, { ...task, TriggerCronConfig: '0 0 10 * * * *' }] },
    'InvalidParameterValue.ProvisionTriggerNameDuplicate',
  ],
  [
    0,
    { TriggerActions: [task, { ...task, TriggerName: 'close' }] },
    'InvalidParameterValue.ProvisionTriggerCronConfigDuplicate',
  ],
  [
    0,
    { TriggerActions: [{ ...task, TriggerProvisionedConcurrencyNum: 401 }] },
    'FailedOperation.ProvisionedExceedAvailable',
  ],
  [
    0,
    {
      TriggerActions: Array.from({ length: 11 }, (_, hour) => ({
        ...task,
        TriggerName: `t${hour}`,
        TriggerCronConfig: `0 0 ${hour} * * * *`,
      })),
    },
    'LimitExceeded.ProvisionTriggerAction',
  ],
])('refuses to provision %i %j', async (num, change, code) => {
  expect(await it.refusal(() => put(num, change))).toBe(code);
});

test('refuses a version that is being published, and shares the quota between versions', async () => {
  const { scf, cloud, refusal } = it;
  await scf.PublishVersion(shop);
  expect(await refusal(() => put(1, { Qualifier: '3' }))).toBe(
    'FailedOperation.FunctionVersionStatusNotActive',
  );
  cloud.clock.advance(1000);
  await put(300);
  expect(await refusal(() => put(101, { Qualifier: '2' }))).toBe(
    'FailedOperation.ProvisionedExceedAvailable',
  );
  await put(100, { Qualifier: '2' });
  expect(await scf.GetProvisionedConcurrencyConfig(shop)).toMatchObject({
    UnallocatedConcurrencyNum: 0,
    Allocated: [{ Qualifier: '1' }, { Qualifier: '2' }],
  });
});

test('allows provisioning all of a reservation, and no more', async () => {
  const { scf, cloud, refusal } = it;
  await scf.PutReservedConcurrencyConfig({ ...shop, ReservedConcurrencyMem: 12_800 });
  expect(await refusal(() => put(101))).toBe('FailedOperation.ProvisionedExceedReserved');
  await put(100);
  cloud.clock.advance(minute);
  expect(await state()).toEqual([100, 100, 'Done']);
});

test('applies the assumed limits as set', async () => {
  const assumptions = new Assumptions();
  assumptions.setAll({ 'provisioned.rest': 0, 'provisioned.intervalS': 1, 'provisioned.tasksMax': 1 });
  const other = await startScf({ assumptions });
  await other.make('shop', 1);
  const often = { ...task, TriggerCronConfig: '*/30 * * * * * *' };
  const request = { ...version, VersionProvisionedConcurrencyNum: 500, TriggerActions: [often] };
  await other.scf.PutProvisionedConcurrencyConfig(request);
  await other.cloud.plane.stop();
});

test('the seed flash-sale includes a function with a reservation and a schedule for the night', async () => {
  const other = await startScf({ seed: 'flash-sale' });
  const { scf } = other.cloud.clients({ account: 'niaga' });
  const checkout = { FunctionName: 'checkout', Namespace: 'flash' };
  expect((await scf.GetReservedConcurrencyConfig(checkout)).ReservedMem).toBe(12_800);
  const { Allocated: allocated } = await scf.GetProvisionedConcurrencyConfig(checkout);
  expect(allocated).toMatchObject([
    {
      Qualifier: '1',
      TriggerActions: [{ TriggerName: 'before-the-sale' }, { TriggerName: 'after-the-sale' }],
    },
  ]);
  const { Aliases: aliases } = await scf.ListAliases({ ...checkout, FunctionVersion: '1' });
  expect(aliases?.map((alias) => alias.Name)).toEqual(['live']);
  await other.cloud.plane.stop();
});
