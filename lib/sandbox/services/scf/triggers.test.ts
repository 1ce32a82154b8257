import { afterAll, beforeEach, expect, test } from 'vitest';
import { startScf } from '@/testing/sandbox/services/scf/test-scf';

const it = await startScf();
beforeEach(() => it.cloud.reset());
afterAll(() => it.cloud.plane.stop());

const hello = { FunctionName: 'hello' };
const timer = { ...hello, Type: 'timer', TriggerName: 'tick', TriggerDesc: '0 */5 * * * * *' };

test('creates a timer, lists it beside a binding, changes, closes and deletes it', async () => {
  const { scf, cloud } = it;
  const made = await scf.CreateTrigger({
    ...timer,
    CustomArgument: 'hi',
    Qualifier: '$DEFAULT',
    Enable: 'OPEN',
  });
  expect(made.TriggerInfo).toMatchObject({
    Type: 'timer',
    TriggerName: 'tick',
    TriggerDesc: '{"cron":"0 */5 * * * * *"}',
    Qualifier: '$DEFAULT',
    Enable: 1,
    CustomArgument: 'hi',
    AvailableStatus: 'Available',
  });
  cloud.clock.advance(1000);
  const fn = { FunctionNamespace: 'default', FunctionName: 'hello', FunctionQualifier: '$LATEST' };
  await cloud.clients().clb.RegisterFunctionTargets({
    LoadBalancerId: 'lb-scf00001',
    ListenerId: 'lbl-scf00001',
    LocationId: 'loc-idle0001',
    FunctionTargets: [{ Function: fn }],
  });
  cloud.clock.advance(1000);
  const types = async (request = {}) =>
    (await scf.ListTriggers({ ...hello, ...request })).Triggers?.map((each) => each.Type);
  expect(new Set(await types())).toEqual(new Set(['timer', 'clb']));
  expect(await types({ Filters: [{ Name: 'Qualifier', Values: ['$LATEST'] }] })).toEqual(['clb']);
  expect(await types({ OrderBy: 'add_time', Order: 'DESC' })).toEqual(['timer', 'clb']);
  expect((await scf.GetFunction(hello)).Triggers).toHaveLength(2);
  // The name of a binding has the short code of its region, and clients ask for triggers by an undeclared parameter.
  const asked = { ...hello, ShowTriggers: 'TRUE' } as Parameters<typeof scf.GetFunction>[0];
  expect((await scf.GetFunction(asked)).Triggers).toContainEqual(
    expect.objectContaining({
      Type: 'clb',
      ResourceId: expect.stringMatching(/^qcs::clb:sg:uin\/\d+:lb-scf00001\//),
    }),
  );

  const place = { ...hello, Type: 'timer', TriggerName: 'tick', Qualifier: '$DEFAULT' };
  await scf.UpdateTrigger({ ...place, TriggerDesc: '30 3 * * *', Description: 'nightly' });
  await scf.UpdateTrigger({ ...place, Enable: 'CLOSE' });
  const [changed] =
    (await scf.ListTriggers({ ...hello, Filters: [{ Name: 'TriggerName', Values: ['tick'] }] })).Triggers ??
    [];
  expect(changed).toMatchObject({
    TriggerDesc: '{"cron":"30 3 * * *"}',
    Description: 'nightly',
    CustomArgument: 'hi',
    Enable: 0,
  });
  await scf.DeleteTrigger(place);
  expect(await types()).toEqual(['clb']);
});

test.each([
  [{ Type: 'clb' }, 'InvalidParameterValue.Type'],
  [{ Type: 'apigw' }, 'InvalidParameterValue.Type'],
  [{ Type: 'cos' }, 'ResourceNotFound.Cos'],
  [{ Type: 'ckafka' }, 'ResourceNotFound.Ckafka'],
  [{ Type: 'cls' }, 'InvalidParameterValue.Cls'],
  [{ Type: 'http' }, 'UnsupportedOperation.Trigger'],
  [{ TriggerName: 'every day' }, 'InvalidParameterValue.TriggerName'],
  [{ TriggerDesc: 'daily' }, 'InvalidParameterValue.TriggerDesc'],
  [{ TriggerDesc: '0 0 0 * * *' }, 'InvalidParameterValue.TriggerDesc'],
  [{ Enable: 'on' }, 'InvalidParameterValue.Enable'],
  [{ Qualifier: '7' }, 'ResourceNotFound.Qualifier'],
  [{ CustomArgument: 'x'.repeat(4097) }, 'InvalidParameterValue.CustomArgument'],
  [{ FunctionName: 'none' }, 'ResourceNotFound.Function'],
])('refuses an invalid trigger: %j', async (change, code) => {
  expect(await it.refusal(() => it.scf.CreateTrigger({ ...timer, ...change }))).toBe(code);
});

test('refuses a duplicate name, more than ten timers, and changes of missing ones', async () => {
  const { scf, refusal } = it;
  await scf.CreateTrigger(timer);
  expect(await refusal(() => scf.CreateTrigger(timer))).toBe('ResourceInUse.Trigger');
  for (let count = 2; count <= 10; count += 1)
    await scf.CreateTrigger({ ...timer, TriggerName: `tick-${count}` });
  expect(await refusal(() => scf.CreateTrigger({ ...timer, TriggerName: 'eleventh' }))).toBe(
    'LimitExceeded.Trigger',
  );
  const place = { ...hello, Type: 'timer', TriggerName: 'tick' };
  const elsewhere = { ...place, Qualifier: '$DEFAULT' };
  expect(await refusal(() => scf.DeleteTrigger(elsewhere))).toBe('ResourceNotFound.Trigger');
  expect(await refusal(() => scf.UpdateTrigger({ ...elsewhere, Enable: 'OPEN' }))).toBe(
    'ResourceNotFound.Trigger',
  );
  expect(await refusal(() => scf.UpdateTrigger({ ...place, Type: 'http', Enable: 'OPEN' }))).toBe(
    'ResourceNotFound.Trigger',
  );
  expect(await refusal(() => scf.DeleteTrigger({ ...place, Type: 'clb' }))).toBe(
    'InvalidParameterValue.Type',
  );
  expect(await refusal(() => scf.UpdateTrigger({ ...place, TriggerDesc: 'soon' }))).toBe(
    'InvalidParameterValue.TriggerDesc',
  );
  expect(await refusal(() => scf.ListTriggers({ ...hello, OrderBy: 'name' }))).toBe(
    'InvalidParameterValue.OrderBy',
  );
});
