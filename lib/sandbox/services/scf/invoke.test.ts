import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScfCloud, startScf } from '@/testing/sandbox/services/scf/test-scf';
import { catchCode, catchRefusal } from '@/testing/sandbox/test-cloud';
import { createFunctionRuntime, type FunctionRuntime } from '../../functions/runtime';
import { zipSeedFiles } from '../../seeds/parts';
import { createTelemetry } from '../../telemetry/telemetry';

const code = [
  'import os',
  'def main_handler(event, context):',
  '    print("said", event.get("say", "nothing"))',
  '    if event.get("fail"):',
  '        raise ValueError("no such thing")',
  '    if event.get("spin"):',
  '        while True: pass',
  '    return {"event": event, "version": context["function_version"], "shop": os.environ.get("SHOP")}',
  '',
].join('\n');

let runtime: FunctionRuntime;
let it: ScfCloud;
const telemetry = createTelemetry();
beforeAll(async () => {
  runtime = createFunctionRuntime({ log: pino({ level: 'silent' }) });
  it = await startScf({ runtime, telemetry });
  const { scf, cloud } = it;
  await scf.CreateFunction({
    FunctionName: 'echo',
    Code: { ZipFile: zipSeedFiles({ 'index.py': code }) },
    Handler: 'index.main_handler',
    Runtime: 'Python3.10',
    Timeout: 1,
    Environment: { Variables: [{ Key: 'SHOP', Value: 'niaga' }] },
  });
  cloud.clock.advance(1000);
  for (const _ of [1, 2]) {
    await scf.PublishVersion({ FunctionName: 'echo' });
    cloud.clock.advance(1000);
  }
});
afterAll(async () => {
  await it.cloud.plane.stop();
  await runtime.stop();
});

const echo = { FunctionName: 'echo' };
const say = (text: string) => JSON.stringify({ say: text });

test('returns what the code returned and printed, and its duration', async () => {
  const { scf } = it;
  const answer = await scf.Invoke({ ...echo, ClientContext: say('hello'), LogType: 'Tail' });
  const { Result: result } = answer;
  expect(JSON.parse(result?.RetMsg ?? '')).toEqual({
    event: { say: 'hello' },
    version: '$LATEST',
    shop: 'niaga',
  });
  expect(result).toMatchObject({ ErrMsg: '', InvokeResult: 0, FunctionRequestId: answer.RequestId });
  expect(result?.Log).toContain('said hello');
  expect(result?.MemUsage).toBeGreaterThan(1024 * 1024);
  expect(result?.BillDuration).toBeGreaterThanOrEqual(result?.Duration ?? 0);
  expect((result?.BillDuration ?? 1) % 100).toBe(0);
  expect((await scf.Invoke({ ...echo, ClientContext: say('hello') })).Result?.Log).toBe('');
});

test('runs with InvokeFunction the version that $DEFAULT points at, and routes aliases by key', async () => {
  const { scf } = it;
  const readVersion = async (request = {}) => {
    const { Result: result } = await scf.InvokeFunction({ ...echo, Event: '{}', ...request });
    return JSON.parse(result?.RetMsg ?? '{}').version;
  };
  expect(await readVersion()).toBe('$LATEST');
  await scf.UpdateAlias({ ...echo, Name: '$DEFAULT', FunctionVersion: '1' });
  expect(await readVersion()).toBe('1');
  expect(await readVersion({ Qualifier: '2' })).toBe('2');
  const match = { Version: '2', Key: 'invoke.headers.User', Method: 'exact', Expression: 'Ann' };
  const routing = { RoutingConfig: { AddtionVersionMatchs: [match] } };
  await scf.UpdateAlias({ ...echo, Name: '$DEFAULT', FunctionVersion: '1', ...routing });
  expect(await readVersion({ RoutingKey: '{"User":"Ann"}' })).toBe('2');
  expect(await readVersion({ RoutingKey: '{"User":"Bob"}' })).toBe('1');
});

test('returns errors of the code in the response, not as an API error', async () => {
  const { scf } = it;
  const fail = async (event: object) => {
    const { Result: result } = await scf.Invoke({ ...echo, ClientContext: JSON.stringify(event) });
    expect(result).toMatchObject({ RetMsg: '', InvokeResult: 1 });
    return JSON.parse(result?.ErrMsg ?? '');
  };
  expect(await fail({ fail: true })).toMatchObject({
    errorCode: 1,
    statusCode: 430,
    errorMessage: expect.stringContaining('no such thing'),
  });
  expect(await fail({ spin: true })).toMatchObject({ statusCode: 433 });
});

test('responds at once to an asynchronous call, which is listed by its request id after it has run', async () => {
  const { scf } = it;
  const request = { ...echo, InvocationType: 'Event', ClientContext: say('later') };
  const { Result: result } = await scf.Invoke(request);
  expect(result).toMatchObject({ RetMsg: '', Log: '', Duration: 0, InvokeResult: 0 });
  const asked = { ...echo, FunctionRequestId: result?.FunctionRequestId ?? '' };
  await expect
    .poll(async () => (await scf.GetRequestStatus(asked)).Data, { timeout: 10_000, interval: 60 })
    .toMatchObject([{ FunctionName: 'echo', RetCode: 0 }]);
});

test('runs nothing without concurrency, and reports it in the response', async () => {
  const { scf } = it;
  await scf.PutReservedConcurrencyConfig({ ...echo, ReservedConcurrencyMem: 0 });
  const before = telemetry.invocations.records().filter((call) => call.status === 200).length;
  const refused = await catchRefusal(scf.Invoke({ ...echo, ClientContext: '{}' }));
  expect(refused).toMatchObject({ code: 'LimitExceeded.Quota', message: expect.stringContaining('432') });
  expect(telemetry.invocations.records().filter((call) => call.status === 200)).toHaveLength(before);
  await scf.DeleteReservedConcurrencyConfig(echo);
});

test.each([
  [{ FunctionName: 'none' }, 'ResourceNotFound.Function'],
  [{ Namespace: 'none' }, 'ResourceNotFound.Namespace'],
  [{ Qualifier: '9' }, 'ResourceNotFound.Qualifier'],
  [{ ClientContext: 'not JSON' }, 'InvalidParameterValue.Param'],
  [{ RoutingKey: '[1]' }, 'InvalidParameterValue.Param'],
  [{ RoutingKey: '{"a":1}' }, 'InvalidParameterValue.Param'],
  [{ InvocationType: 'Later' }, 'InvalidParameterValue.InvokeType'],
  [{ LogType: 'All' }, 'InvalidParameterValue'],
  [{ InvocationType: 'Event', ClientContext: say('x'.repeat(131_072)) }, 'InvalidParameter.RequestTooLarge'],
  [{ ClientContext: say('x'.repeat(6 * 1024 * 1024)) }, 'InvalidParameter.RequestTooLarge'],
])('refuses an invalid call: %o', async (change, refusal) => {
  expect(await catchCode(it.scf.Invoke({ ...echo, ...change }))).toBe(refusal);
});

test('calls only an Active Event function', async () => {
  const { scf, cloud } = it;
  const zip = { Code: { ZipFile: zipSeedFiles({ scf_bootstrap: '#!/bin/bash' }) }, Runtime: 'Python3.10' };
  await scf.CreateFunction({ FunctionName: 'young', Handler: 'index.main_handler', ...zip });
  expect(await catchCode(scf.Invoke({ FunctionName: 'young' }))).toBe('FailedOperation.FunctionStatusError');
  await scf.CreateFunction({ FunctionName: 'web', Type: 'HTTP', ...zip });
  cloud.clock.advance(1000);
  expect(await catchCode(scf.Invoke({ FunctionName: 'web' }))).toBe('FailedOperation.InvokeFunction');
});

test('reports that a control plane without a runtime runs no functions', async () => {
  const alone = await startScf();
  expect(await alone.refusal(() => alone.scf.Invoke({ FunctionName: 'hello' }))).toBe(
    'FailedOperation.InvokeFunction',
  );
  await alone.cloud.plane.stop();
});

test('refuses to create a function whose runtime can’t run, and gives the reason', async () => {
  const log = pino({ level: 'silent' });
  const empty = createFunctionRuntime({ log, path: '/nowhere', python: 'native' });
  const other = await startScf({ runtime: empty });
  const fresh = { FunctionName: 'fresh', Code: { ZipFile: zipSeedFiles({ 'index.py': code }) } };
  const create = other.scf.CreateFunction({ ...fresh, Handler: 'index.main_handler', Runtime: 'Python3.9' });
  const refused = await catchRefusal(create);
  expect(refused).toMatchObject({
    code: 'FailedOperation.CreateFunction',
    message: expect.stringMatching(/python/i),
  });
  await other.cloud.plane.stop();
  await empty.stop();
});

test('calls the function of a timer at its time', async () => {
  const { scf, cloud } = it;
  const timer = { Type: 'timer', TriggerName: 'tick', TriggerDesc: '0 */1 * * * * *', CustomArgument: 'hi' };
  await scf.CreateTrigger({ ...echo, ...timer });
  const known = telemetry.invocations.records().length;
  cloud.clock.advance(60_000);
  await expect
    .poll(() => telemetry.invocations.records().slice(known), { timeout: 10_000, interval: 60 })
    .toMatchObject([{ name: 'echo', qualifier: '$LATEST', status: 200 }]);
  const [call] = telemetry.invocations.records().slice(known);
  expect(JSON.parse(call?.answer ?? '{}').event).toMatchObject({
    Type: 'Timer',
    TriggerName: 'tick',
    Message: 'hi',
  });
  await scf.DeleteTrigger({ ...echo, Type: 'timer', TriggerName: 'tick' });
});
