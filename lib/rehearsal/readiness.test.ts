import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cutover, ReadyPolicy } from '@/lib/diversion/cutover';
import { execute } from '@/lib/run/executor';
import type { RunEvent } from '@/lib/run/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testSplit } from '@/testing/plan/test-estate';
import { RehearsalCloud } from '@/testing/rehearsal/test-cloud';
import { MemoryEngine, type Outer, type PlaceHook } from './memory-worker';
import { VirtualClock } from './virtual-clock';

/* The divert starts when enough of the plan's warm instances are ready, or as the schedule decides. */

const t0 = Date.parse('2026-12-12T00:00:00Z');
const minute = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();
const wanted = 10;

const plan = createTestPlan({ diversion: testSplit({ provisioned: wanted }) });

/** The instances that are ready, by ms after T0; null = the cloud doesn't answer. */
type Ready = (ms: number) => number | null;

async function play(ready: Ready, readiness: ReadyPolicy | undefined, at?: PlaceHook) {
  const clock = new VirtualClock(new Date(t0 - 20 * minute));
  const cloud = new RehearsalCloud(plan, clock);
  const engine = new MemoryEngine(clock);
  const outer: Outer = {
    ...cloud.outer,
    prober: {
      probe: async (probe) => {
        if (probe.kind !== 'ready') return cloud.outer.prober.probe(probe);
        const now = ready(clock.now().getTime() - t0);
        const silence = {
          passed: false,
          latencyMs: 1,
          status: null,
          address: 'f',
          body: '',
          failure: 'away',
        };
        if (now === null) return { ...silence, unanswered: true };
        const told = `${now} of ${probe.expect.instances} instances are ready`;
        const passed = now >= probe.expect.instances;
        return {
          passed,
          latencyMs: 1,
          status: 'ready',
          address: 'f',
          body: told,
          failure: passed ? null : told,
        };
      },
    },
  };
  const cutover: Cutover = {
    t0: iso(t0),
    prewarmS: 900,
    t1: iso(t0 + 60 * minute),
    zone: 'UTC',
    missedT0: { kind: 'skip' },
    guards: [],
    ...(readiness === undefined ? {} : { readiness }),
  };
  const input = { plan, cutover, guards: [], direction: 'apply', attempt: 1, actor: 'test' } as const;
  const live = async () => {
    for (;;) {
      const worker = engine.begin(1, outer, at);
      const ended = await Promise.race([execute(input, worker.ports), worker.died.then(() => null)]);
      if (ended !== null) return ended;
    }
  };
  const result = await clock.run(live());
  return { result, events: engine.events };
}

const diverts = new Set(plan.steps.filter(({ phase }) => phase === 'divert').map(({ id }) => id));
/** Returns the time of the first call of the divert, in ms after T0; null = there was none. */
function divertedMs(events: readonly RunEvent[]): number | null {
  const first = events.find(
    (event) => event.type === 'intent' && event.direction === 'apply' && diverts.has(event.stepId),
  );
  return first === undefined ? null : Date.parse(first.at) - t0;
}
const rolledBack = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'rollback' ? [event.why] : []));

describe('warm instances at T0', () => {
  it('are measured again at T0, and the divert waits for those that have stopped since prewarm', async () => {
    const { result, events } = await play((ms) => (ms < 0 || ms >= 2 * minute ? wanted : 4), undefined);
    expect(result).toBe('rolledBack');
    expect(rolledBack(events)).toEqual([{ kind: 'T1' }]);
    expect(divertedMs(events)).toBeGreaterThanOrEqual(2 * minute);
    expect(divertedMs(events)).toBeLessThan(2 * minute + 10_000);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'probed',
        answer: expect.objectContaining({ failure: '4 of 10 instances are ready' }),
      }),
    );
  });

  it('start the divert at once when as many are ready as the schedule requires', async () => {
    const { events } = await play(() => 8, { percent: 80, waitS: 0, otherwise: 'stop' });
    expect(divertedMs(events)).toBe(0);
  });

  it('start the divert within 2 s after an outage across T0, whatever the schedule requires', async () => {
    const readiness = { percent: 80, waitS: 0, otherwise: 'stop' } as const;
    const { events } = await play((ms) => (ms >= -1000 && ms < 1000 ? null : 8), readiness);
    expect(divertedMs(events)).toBeGreaterThanOrEqual(1000);
    expect(divertedMs(events)).toBeLessThanOrEqual(3000);
  });

  it('stop the run after minutes of an outage', async () => {
    const readiness = { percent: 80, waitS: 0, otherwise: 'stop' } as const;
    const { events } = await play((ms) => (ms >= -1000 && ms < 10 * minute ? null : 8), readiness);
    expect(events.find(({ type }) => type === 'stopped')).toMatchObject({ reason: { kind: 'probeFailed' } });
    expect(divertedMs(events)).toBeNull();
  });

  it('stop the run before T0 when they don’t start in prewarm', async () => {
    const { events } = await play(() => 7, { percent: 80, waitS: 60, otherwise: 'stop' });
    const stopped = events.find(({ type }) => type === 'stopped');
    expect(stopped).toMatchObject({ reason: { kind: 'probeFailed' } });
    expect(Date.parse(stopped?.at ?? '')).toBeLessThan(t0);
    expect(divertedMs(events)).toBeNull();
  });

  it('stop the run after the wait when they have stopped since prewarm', async () => {
    const { events } = await play((ms) => (ms < 0 ? wanted : 9), {
      percent: 100,
      waitS: 60,
      otherwise: 'stop',
    });
    const stopped = events.find(({ type }) => type === 'stopped');
    expect(stopped).toMatchObject({ at: iso(t0 + minute), reason: { kind: 'probeFailed' } });
    expect(divertedMs(events)).toBeNull();
  });

  it('roll prewarm back after the wait, with the number that is ready', async () => {
    const { result, events } = await play(() => 3, { percent: 50, waitS: 90, otherwise: 'rollback' });
    expect(result).toBe('rolledBack');
    const notReady = '3 of 5 instances are ready';
    expect(rolledBack(events)).toEqual([{ kind: 'missedT0', lateMs: 90_000, notReady }]);
    expect(divertedMs(events)).toBeNull();
  });

  it('don’t stop a divert that continues without them, after the wait', async () => {
    const { events } = await play(() => 3, { percent: 50, waitS: 90, otherwise: 'divert' });
    expect(divertedMs(events)).toBe(90_000);
    expect(events).toContainEqual(expect.objectContaining({ type: 'stepDone', outcome: 'notReady' }));
  });

  it('never let traffic move with fewer than required, unless the schedule says so', async () => {
    const policy = fc.record({
      percent: fc.integer({ min: 1, max: 100 }),
      waitS: fc.integer({ min: 0, max: 600 }),
      otherwise: fc.constantFrom('stop', 'rollback', 'divert'),
    }) satisfies fc.Arbitrary<ReadyPolicy>;
    const counts = fc.array(fc.integer({ min: 0, max: wanted }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(policy, counts, async (readiness, perMinute) => {
        const ready = (ms: number): number =>
          perMinute[Math.min(perMinute.length - 1, Math.max(0, Math.floor(ms / minute) + 15))] ?? 0;
        const { events } = await play(ready, readiness);
        const diverted = divertedMs(events);
        if (diverted === null) return;
        const isEnough = ready(diverted) >= Math.ceil((wanted * readiness.percent) / 100);
        const isOver = readiness.otherwise === 'divert' && diverted >= readiness.waitS * 1000;
        expect(isEnough || isOver).toBe(true);
        expect(diverted).toBeLessThanOrEqual(readiness.waitS * 1000);
      }),
      { numRuns: 60 },
    );
  });

  it('lead to the same divert when the worker dies at any look at them', async () => {
    const ready: Ready = (ms) => (ms < 0 || ms >= minute ? wanted : 4);
    const { events: whole } = await play(ready, undefined);
    for (const place of [
      'before once ready.began.1',
      'before record ready.look.1',
      'after once ready.look.2',
    ]) {
      let isOnce = true;
      const { result, events } = await play(ready, undefined, (now, worker) => {
        if (now !== place || !isOnce) return;
        isOnce = false;
        worker.die();
      });
      expect(isOnce).toBe(false);
      expect(result).toBe('rolledBack');
      expect(divertedMs(events)).toBe(divertedMs(whole));
    }
  });
});
