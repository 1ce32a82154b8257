import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter';

/** Time that only the limiter's own pauses move. */
function virtualTime() {
  let ms = 0;
  return {
    now: () => new Date(ms),
    sleep: async (pause: number) => {
      ms += pause;
    },
    setBack: (by: number) => {
      ms -= by;
    },
    get ms() {
      return ms;
    },
  };
}

it('never lets more through in any second than the rate allows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 120 }),
      async (rate, calls) => {
        const time = virtualTime();
        const limiter = new RateLimiter(rate, time.now, time.sleep);
        const sentAt: number[] = [];
        await Promise.all(
          Array.from({ length: calls }, () => limiter.pass().then(() => sentAt.push(time.ms))),
        );
        for (const start of sentAt) {
          expect(sentAt.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(rate);
        }
      },
    ),
  );
});

it('waits one interval at most when the clock was set back', async () => {
  const time = virtualTime();
  const limiter = new RateLimiter(10, time.now, time.sleep);
  await limiter.pass();
  time.setBack(3_600_000);
  const before = time.ms;
  await limiter.pass();
  expect(time.ms - before).toBeLessThanOrEqual(100);
});
