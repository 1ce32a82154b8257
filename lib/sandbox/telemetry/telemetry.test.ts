import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvocationLog, type InvocationRecord } from './invocation-log';
import { MinuteSeries } from './minute-series';
import { TrafficLog, type TrafficSample } from './traffic-log';

const minuteMs = 60_000;
const start = Date.UTC(2026, 10, 11);

function sample(given: Partial<TrafficSample> = {}): TrafficSample {
  return {
    at: start,
    uin: '1',
    loadBalancerId: 'lb-1',
    vip: '127.107.1.1',
    port: 80,
    protocol: 'HTTP',
    rule: { id: 'loc-1', domain: 'shop.example.com', url: '/' },
    backend: { kind: 'target', instanceId: 'ins-1', ip: '127.107.100.1', port: 8080 },
    status: 200,
    madeByLoadBalancer: false,
    durationMs: 10,
    backendMs: 8,
    bytesIn: 100,
    bytesOut: 1000,
    ...given,
  };
}

function call(given: Partial<InvocationRecord> = {}): InvocationRecord {
  return {
    at: start,
    uin: '1',
    region: 'ap-singapore',
    namespace: 'default',
    name: 'hello',
    qualifier: '$LATEST',
    version: '$LATEST',
    requestId: 'r',
    status: 200,
    errorMessage: '',
    coldStart: false,
    durationMs: 10,
    memoryMb: 20,
    concurrency: 1,
    log: '',
    answer: '{}',
    ...given,
  };
}

test('puts every event in the bucket of its minute, and counts nothing twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(3_600_000))), (events) => {
      const series = new MinuteSeries<string, { count: number }>(() => ({ count: 0 }));
      for (const [key, offset] of events) series.bucket(key, start + offset, () => key).count += 1;
      for (const wanted of ['a', 'b']) {
        for (let minute = start; minute <= start + 3_600_000; minute += minuteMs) {
          const buckets = [...series.between((key) => key === wanted, minute, minute + minuteMs)];
          const expected = events.filter(
            ([key, offset]) =>
              key === wanted && start + offset >= minute && start + offset < minute + minuteMs,
          );
          expect(buckets.reduce((sum, { bucket }) => sum + bucket.count, 0)).toBe(expected.length);
        }
      }
    }),
    { numRuns: 20 },
  );
});

test('keeps one day and no more', () => {
  const series = new MinuteSeries<string, object>(() => ({}));
  for (let minute = 0; minute < 3000; minute += 1) series.bucket('a', start + minute * minuteMs, () => 'a');
  series.bucket('gone', start, () => 'gone');
  series.bucket('a', start + 3000 * minuteMs, () => 'a');
  const all = [...series.between(() => true, 0, Number.POSITIVE_INFINITY)];
  expect(all).toHaveLength(25 * 60);
  expect(Math.min(...all.map(({ minute }) => minute))).toBe(start + 1501 * minuteMs);
});

test('counts traffic by target, separately from responses of the load balancer itself', () => {
  const log = new TrafficLog();
  log.record(sample());
  log.record(sample({ status: 502, madeByLoadBalancer: true, durationMs: 30, backendMs: null }));
  log.record(
    sample({ status: 503, madeByLoadBalancer: true, backend: null, backendMs: null, durationMs: 1 }),
  );
  const minutes = [...log.minutes(({ target }) => target !== null, start, start + minuteMs)];
  expect(minutes.map(({ bucket }) => bucket)).toEqual([
    {
      requests: 2,
      statuses: new Map([
        [200, 1],
        [502, 1],
      ]),
      ownStatuses: new Map([[502, 1]]),
      durationMs: 40,
      longestMs: 30,
      backendRequests: 1,
      backendMs: 8,
      longestBackendMs: 8,
      bytesIn: 200,
      bytesOut: 2000,
      connectionsOpened: 0,
      connectionsPeak: 0,
    },
  ]);
  log.clear();
  expect([...log.minutes(() => true, start, start + minuteMs)]).toEqual([]);
});

test('counts opened connections and their peak', () => {
  const log = new TrafficLog();
  const listener = { uin: '1', vip: '127.107.1.1', port: 80, protocol: 'HTTP' } as const;
  for (const change of ['opened', 'opened', 'closed', 'opened', 'closed'] as const) {
    log.recordConnection({ ...listener, at: start, change });
  }
  log.recordConnection({ ...listener, at: start + minuteMs, change: 'closed' });
  const peaks = [...log.minutes(() => true, start, start + 2 * minuteMs)].map(({ bucket }) => [
    bucket.connectionsOpened,
    bucket.connectionsPeak,
  ]);
  expect(peaks).toEqual([
    [3, 2],
    [0, 1],
  ]);
});

test('keeps counts of calls when records are dropped', () => {
  const log = new InvocationLog();
  for (let index = 0; index < 12_000; index += 1) {
    log.record(
      call({ requestId: String(index), concurrency: (index % 7) + 1, status: index % 2 ? 432 : 200 }),
    );
  }
  expect(log.records()).toHaveLength(5000);
  expect(log.records()[0]?.requestId).toBe('7000');
  const [minute] = [...log.minutes(({ name }) => name === 'hello', start, start + minuteMs)];
  expect(minute?.bucket).toMatchObject({
    calls: 12_000,
    concurrencyPeak: 7,
    durationMs: 120_000,
    statuses: new Map([
      [200, 6000],
      [432, 6000],
    ]),
  });
});

test('drops older call records when logs are long', () => {
  const log = new InvocationLog();
  const long = 'x'.repeat(20 * 1024 * 1024);
  for (const requestId of ['a', 'b', 'c', 'd', 'e']) log.record(call({ requestId, log: long }));
  expect(log.records().map((record) => record.requestId)).toEqual(['c', 'd', 'e']);
});
