import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { type ScfCloud, startScf } from '@/testing/sandbox/services/scf/test-scf';
import type { InvocationRecord } from '../../telemetry/invocation-log';
import { createTelemetry } from '../../telemetry/telemetry';

const telemetry = createTelemetry();
let it: ScfCloud;
let now: number;
beforeAll(async () => {
  it = await startScf({ telemetry });
});
beforeEach(async () => {
  await it.cloud.reset();
  now = it.cloud.clock.now();
  record({ requestId: 'first', at: now - 7_200_000, durationMs: 12.3, log: 'said hello\n', answer: '"hi"' });
  record({ requestId: 'second', at: now - 60_000, durationMs: 250, status: 430, errorMessage: 'broken' });
  record({
    requestId: 'third',
    at: now - 30_000,
    durationMs: 3000,
    status: 433,
    version: '1',
    qualifier: '1',
  });
  record({ requestId: 'fourth', at: now - 1000, durationMs: 0, status: 432, errorMessage: 'too many' });
  record({ requestId: 'foreign', uin: '100000000002' });
  record({ requestId: 'elsewhere', region: 'ap-tokyo' });
});
afterAll(() => it.cloud.plane.stop());

function record(given: Partial<InvocationRecord>): void {
  telemetry.invocations.record({
    at: now,
    uin: '100000000001',
    region: 'ap-singapore',
    namespace: 'default',
    name: 'hello',
    qualifier: '$LATEST',
    version: '$LATEST',
    requestId: '',
    status: 200,
    errorMessage: '',
    coldStart: false,
    durationMs: 1,
    memoryMb: 20.5,
    concurrency: 1,
    log: '',
    answer: '',
    ...given,
  });
}

const hello = { FunctionName: 'hello' };

async function found(request = {}): Promise<(string | undefined)[]> {
  const { Data: data = [] } = await it.scf.GetFunctionLogs({ ...hello, ...request });
  // The action allows five requests per second.
  it.cloud.clock.advance(1000);
  return data.map((log) => log.RequestId);
}

test('returns in a call’s log its output, result and duration', async () => {
  const { Data: data, TotalCount: total } = await it.scf.GetFunctionLogs({
    ...hello,
    FunctionRequestId: 'first',
  });
  expect(total).toBe(1);
  expect(data).toEqual([
    {
      FunctionName: 'hello',
      RequestId: 'first',
      StartTime: cloudTime(now - 7_200_000),
      RetMsg: '"hi"',
      RetCode: 0,
      InvokeFinished: 1,
      Duration: 12.3,
      BillDuration: 100,
      MemUsage: 20.5 * 1024 * 1024,
      Log: 'said hello\n',
      Level: '',
      Source: '',
      RetryNum: 0,
    },
  ]);
});

test('filters, sorts and pages logs', async () => {
  expect(await found()).toEqual(['fourth', 'third', 'second', 'first']);
  expect(await found({ Order: 'asc' })).toEqual(['first', 'second', 'third', 'fourth']);
  expect(await found({ OrderBy: 'duration', Order: 'desc' })).toEqual(['third', 'second', 'first', 'fourth']);
  expect(await found({ Limit: 2, Offset: 1 })).toEqual(['third', 'second']);
  expect(await found({ Filter: { RetCode: 'is0' } })).toEqual(['first']);
  expect(await found({ Filter: { RetCode: 'not0' } })).toEqual(['fourth', 'third', 'second']);
  expect(await found({ Filter: { RetCode: 'TimeLimitExceeded' } })).toEqual(['third']);
  expect(await found({ Filter: { RetCode: 'ResourceLimitExceeded' } })).toEqual(['fourth']);
  expect(await found({ Filter: { RetCode: 'UserCodeException' } })).toEqual(['second']);
  expect(await found({ Qualifier: '1' })).toEqual(['third']);
  const hour = { StartTime: cloudTime(now - 3_600_000), EndTime: cloudTime(now) };
  expect(await found({ ...hour, Order: 'asc' })).toEqual(['second', 'third', 'fourth']);
  expect(await found({ FunctionName: undefined, Limit: 1 })).toEqual(['fourth']);
});

const day = (offsetMs: number) => ({
  StartTime: '2026-12-11 00:00:00',
  EndTime: cloudTime(Date.UTC(2026, 11, 10, 16) + offsetMs),
});

test.each([
  [{ Offset: 9990, Limit: 11 }, 'LimitExceeded.Offset'],
  [{ Offset: -1 }, 'InvalidParameterValue.Offset'],
  [{ Order: 'newest' }, 'InvalidParameterValue.Order'],
  [{ OrderBy: 'size' }, 'InvalidParameterValue.OrderBy'],
  [{ Filter: { RetCode: '1' } }, 'InvalidParameterValue.RetCode'],
  [{ StartTime: '2026-12-11 00:00:00' }, 'InvalidParameterValue.StartTimeOrEndTime'],
  [{ StartTime: 'today', EndTime: '2026-12-11 00:00:00' }, 'InvalidParameterValue.DateTime'],
  [day(86_400_000), 'InvalidParameterValue.DateTime'],
  [day(-1000), 'InvalidParameterValue.DateTime'],
  [{ FunctionName: 'none' }, 'ResourceNotFound.Function'],
  [{ Namespace: 'none' }, 'ResourceNotFound.Namespace'],
])('refuses an invalid query: %j', async (change, code) => {
  expect(await it.refusal(() => it.scf.GetFunctionLogs({ ...hello, ...change }))).toBe(code);
});

test('returns the status of calls in the last quarter of an hour, or in the requested time', async () => {
  const status = async (id: string, request = {}) => {
    const answer = await it.scf.GetRequestStatus({ ...hello, FunctionRequestId: id, ...request });
    return answer.Data?.map((each) => [each.RetCode, each.RetMsg]);
  };
  expect(await status('second')).toEqual([[-1, 'broken']]);
  expect(await status('first')).toEqual([]);
  const earlier = { StartTime: cloudTime(now - 10_000_000), EndTime: cloudTime(now) };
  expect(await status('first', earlier)).toEqual([[0, '"hi"']]);
  expect(await status('unknown')).toEqual([]);
});
