import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realSleep } from './rate-budgets';
import { type Rank, RateLimiter } from './rate-limiter';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const createLimiter = (perSecond: number) => new RateLimiter(perSecond, () => new Date(), realSleep);

/**
 * Sends this many requests; the cloud counts and answers each after its own delays.
 * @returns when each was counted
 */
async function send(limiter: RateLimiter, network: readonly (readonly [there: number, back: number])[]) {
  const countedAt: number[] = [];
  const all = network.map(async ([there, back]) => {
    const turn = await limiter.pass();
    await realSleep(there);
    countedAt.push(Date.now());
    await realSleep(back);
    turn.done();
  });
  const ended = Promise.all(all);
  await vi.runAllTimersAsync();
  await ended;
  return countedAt.sort((a, b) => a - b);
}

/** Returns the maximum number of requests in any second, as a sliding window. */
const mostInASecond = (counted: readonly number[]) =>
  Math.max(...counted.map((start) => counted.filter((at) => at >= start && at < start + 1000).length));

const anyDelay = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 400 }));

describe('a rate limiter', () => {
  it('never exceeds the rate in any second as counted by the cloud, for any network delays', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.tuple(anyDelay, anyDelay), { minLength: 1, maxLength: 100 }),
        async (rate, network) => {
          const limiter = createLimiter(rate);
          // The fastest round trip, used as the reference for the rest.
          await send(limiter, [[1, 1]]);
          expect(mostInASecond(await send(limiter, network))).toBeLessThanOrEqual(rate);
        },
      ),
    );
  });

  it('uses nearly the whole rate', async () => {
    const limiter = createLimiter(20);
    const begin = Date.now();
    const counted = await send(
      limiter,
      Array.from({ length: 500 }, (_, n) => [3 + (n % 5), 120] as const),
    );
    const took = (counted.at(-1) ?? 0) - begin;
    expect(took / (500 * 50)).toBeLessThan(1.02);
  });

  it('lets the next request pass after three seconds if a response never arrives', async () => {
    const limiter = createLimiter(2);
    const passed: number[] = [];
    const begin = Date.now();
    for (let n = 0; n < 4; n += 1) void limiter.pass().then(() => passed.push(Date.now() - begin));
    await vi.runAllTimersAsync();
    expect(passed).toHaveLength(4);
    // The first two may have been counted as late as three seconds after they were sent.
    expect(passed[2]).toBeGreaterThanOrEqual(4000);
    expect(passed[3]).toBeLessThan(6000);
  });

  it('slows down after a refusal, and recovers later', async () => {
    const limiter = createLimiter(20);
    const fast: (readonly [number, number])[] = Array.from({ length: 40 }, () => [1, 1]);
    const span = (counted: readonly number[]) => (counted.at(-1) ?? 0) - (counted[0] ?? 0);
    const usual = span(await send(limiter, fast));
    limiter.slowDown();
    limiter.slowDown();
    expect(span(await send(limiter, fast))).toBeGreaterThan(usual * 1.3);
    await send(limiter, fast);
    expect(span(await send(limiter, fast))).toBeLessThan(usual * 1.05);
  });
});

it('continues at once when the clock was set back', async () => {
  const limiter = createLimiter(10);
  await send(limiter, [
    [1, 1],
    [1, 1],
  ]);
  vi.setSystemTime(Date.now() - 3_600_000);
  const begin = performance.now();
  const passed = limiter.pass();
  await vi.runAllTimersAsync();
  (await passed).done();
  expect(performance.now() - begin).toBeLessThanOrEqual(100);
});

describe('ranks', () => {
  it('prefer a run, then requests that a user waits for', async () => {
    const limiter = createLimiter(20);
    const order: Rank[] = [];
    const pass = (rank: Rank) =>
      void limiter.pass(rank).then((turn) => {
        order.push(rank);
        turn.done();
      });
    for (let n = 0; n < 5; n += 1) pass('background');
    for (let n = 0; n < 5; n += 1) pass('requested');
    await vi.advanceTimersByTimeAsync(60);
    pass('run');
    await vi.advanceTimersByTimeAsync(60);
    expect(order).toContain('run');
    await vi.runAllTimersAsync();
    const after = order.slice(order.indexOf('run') + 1);
    expect(order.filter((rank) => rank === 'background')).toHaveLength(5);
    expect(after.filter((rank) => rank !== 'background').length).toBe(after.indexOf('background'));
  });

  it('leave half of the rate when only background requests are sent, and a run waits for at most one request', async () => {
    const limiter = createLimiter(20);
    let background = 0;
    for (let n = 0; n < 200; n += 1)
      void limiter.pass('background').then((turn) => {
        background += 1;
        turn.done();
      });
    await vi.advanceTimersByTimeAsync(5000);
    expect(background).toBeGreaterThan(45);
    expect(background).toBeLessThanOrEqual(52);
    const begin = Date.now();
    let waited = Number.NaN;
    void limiter.pass('run').then((turn) => {
      waited = Date.now() - begin;
      turn.done();
    });
    await vi.advanceTimersByTimeAsync(200);
    expect(waited).toBeLessThanOrEqual(51);
  });
});

it('lets the longest-waiting caller go first, even if it arrives last', async () => {
  const limiter = createLimiter(10);
  const gone: string[] = [];
  const pass = (name: string, sinceMs?: number) =>
    void limiter.pass('run', sinceMs).then((turn) => {
      gone.push(name);
      turn.done();
    });
  pass('the only one');
  pass('second', 3);
  pass('third', 3);
  pass('fourth', 4);
  pass('oldest', 1);
  await vi.runAllTimersAsync();
  expect(gone).toEqual(['oldest', 'second', 'third', 'fourth', 'the only one']);
});
