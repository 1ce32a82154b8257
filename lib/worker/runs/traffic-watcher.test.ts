import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProber } from '@/lib/cloud/probe/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Guard, GuardMeasure } from '@/lib/diversion/cutover';
import type { CloudMeasure } from '@/lib/estate/measure';
import type { Plan } from '@/lib/plan/model/model';
import { startWorkerFixture, type WorkerFixture } from '@/testing/worker/test-worker-fixture';
import { trafficWatcher } from './traffic-watcher';

const guard = (measure: GuardMeasure): Guard => ({ measure, limit: 5, forS: 30, outcome: 'rollback' });

describe('on a real sandbox', () => {
  let fixture: WorkerFixture;
  let plan: Plan;
  beforeAll(async () => {
    fixture = await startWorkerFixture('127.142.0.0/16');
    ({ plan } = await fixture.recordOf(await fixture.storeRun()));
  });
  afterAll(() => fixture.stop());

  it('detects by its own requests and in the metrics of the cloud that nothing responds yet', async () => {
    const log = pino({ level: 'silent' });
    const cloud = createTencentCloud(fixture.connection, { now: () => new Date(), log });
    // Its clock advances by more than any cache time.
    let rounds = 0;
    const now = () => new Date(Date.now() + rounds * 20_000);
    const prober = createProber(fixture.connection, cloud);
    const guards = (['probeFailures', 'errorRate', 'throttles', 'provisionedLost'] as const).map(guard);
    const watcher = trafficWatcher({ cloud, prober, now, log }, async () => plan, guards);
    const look = async () => {
      rounds += 1;
      return (await watcher.sample()).measures;
    };
    // The domain has no rule, so the listener's default rule responds in its place.
    await expect.poll(look, { timeout: 10_000 }).toEqual({
      probeFailures: 100,
      latency: expect.any(Number),
      errorRate: null,
      throttles: 0,
      provisionedLost: null,
    });
    expect((await watcher.sample()).lagMs).toEqual({ throttles: 0, provisionedLost: 0 });
    // Without guards the cloud is not queried.
    const unguarded = trafficWatcher({ cloud, prober, now, log }, async () => plan, []);
    expect(Object.keys((await unguarded.sample()).measures)).toEqual(['probeFailures', 'latency']);
  });
});

describe('querying the cloud', () => {
  const prober = { probe: () => Promise.reject(new Error('there is nothing to probe')) };
  const asked: CloudMeasure[] = [];
  let answer: () => Promise<number>;
  let lagMs = 0;
  const warnings: object[] = [];
  const log = { warn: (fields: object) => void warnings.push(fields) };
  const cloud = {
    measure: async (measure: CloudMeasure) => {
      asked.push(measure);
      return { value: await answer(), lagMs };
    },
  };
  const createWatcher = (...measures: readonly GuardMeasure[]) =>
    trafficWatcher(
      { cloud, prober, now: () => new Date(), log },
      async () => ({ steps: [], rollback: [] }),
      measures.map(guard),
    );

  beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
    warnings.length = 0;
    answer = async () => 7;
    lagMs = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('queries each measure of the guards once, and monitoring data not in every round', async () => {
    const watcher = createWatcher('latency', 'errorRate', 'errorRate', 'unhealthyTargets');
    expect((await watcher.sample()).measures).toEqual({
      probeFailures: null,
      latency: null,
      errorRate: 7,
      unhealthyTargets: 7,
    });
    expect(asked).toEqual(['errorRate', 'unhealthyTargets']);
    vi.advanceTimersByTime(14_000);
    answer = async () => 9;
    lagMs = 90_000;
    expect((await watcher.sample()).measures).toMatchObject({ errorRate: 7, unhealthyTargets: 9 });
    vi.advanceTimersByTime(1000);
    expect(await watcher.sample()).toMatchObject({
      measures: { errorRate: 9 },
      lagMs: { errorRate: 90_000, unhealthyTargets: 90_000 },
    });
    expect(asked.filter((measure) => measure === 'errorRate')).toHaveLength(2);
  });

  it('treats a failure as a missing reading with its reason', async () => {
    const broken = new Error('GetMonitorData: InternalError');
    answer = () => Promise.reject(broken);
    const watcher = createWatcher('errorRate');
    expect((await watcher.sample()).measures).toMatchObject({ errorRate: null });
    expect(warnings).toEqual([{ err: broken, measure: 'errorRate' }]);
    answer = async () => 3;
    vi.advanceTimersByTime(15_000);
    expect((await watcher.sample()).measures).toMatchObject({ errorRate: 3 });
  });

  it('neither waits for a slow cloud nor queries it concurrently, and uses a late response in the next round', async () => {
    let reply = (_value: number) => {};
    answer = () => new Promise((resolve) => (reply = resolve));
    const watcher = createWatcher('throttles');
    const round = async () => {
      const sample = watcher.sample();
      await vi.advanceTimersByTimeAsync(4000);
      return (await sample).measures.throttles;
    };
    expect(await round()).toBeNull();
    vi.advanceTimersByTime(60_000);
    expect(await round()).toBeNull();
    reply(12);
    expect(await round()).toBe(12);
    expect(asked).toEqual(['throttles']);
  });

  it('reads again after its clock was set back', async () => {
    const watcher = createWatcher('errorRate');
    await watcher.sample();
    vi.setSystemTime(Date.now() - 3_600_000);
    await watcher.sample();
    expect(asked).toHaveLength(2);
  });
});
