import { describe, expect, it } from 'vitest';
import { testEstate, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { rehearsalCutover, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { findHttpMisfit, planHttpTimes } from './http-times';

const startMs = Date.parse('2026-12-12T00:00:00Z');
const { plan } = testRehearsal({ diversion: testSwitch() });

describe('the times of a rehearsal over HTTP', () => {
  it('are soon, with a hold in which clients follow, at the pace of the machine where that fits', () => {
    const times = planHttpTimes(plan, rehearsalCutover(), { minutes: 15 }, startMs);
    expect(times.speed).toBe(1);
    // Five seconds, and a prewarm of at least half a minute.
    expect(times.t0Ms - startMs).toBe(35_000);
    const drainS =
      Math.max(...plan.revert.map((step) => (step.kind === 'drain' ? step.forecastMs : 0))) / 1000;
    expect(drainS).toBeGreaterThan(60);
    expect((times.t1Ms ?? 0) - times.t0Ms).toBeGreaterThanOrEqual(drainS * 1000);
    expect(times.cutover).toMatchObject({ t0: new Date(times.t0Ms).toISOString(), prewarmS: 30 });
    expect(times.endMs - startMs).toBeLessThanOrEqual(15 * 60_000);
  });

  it('shorten waits that do not fit', () => {
    const times = planHttpTimes(plan, rehearsalCutover(), { minutes: 1 }, startMs);
    expect(times.speed).toBeGreaterThan(2);
    expect((times.endMs - startMs) / times.speed).toBeLessThanOrEqual(60_000);
  });

  it('do not fit if a wait takes longer even at the greatest speed, and say which', () => {
    const cutover = rehearsalCutover();
    expect(findHttpMisfit(plan, cutover, { minutes: 1 })).toBeNull();
    const records = [testRecord(12, 'flash', '127.77.1.1', { ttlS: 86_400 })];
    const slow = testRehearsal({ diversion: testSwitch(), estate: testEstate({ records }) }).plan;
    const misfit = findHttpMisfit(slow, cutover, { minutes: 4 });
    expect(misfit).toMatchObject({ speed: 60, longestS: expect.any(Number) });
    expect(misfit?.longestS).toBeGreaterThanOrEqual(86_400);
    const { leastMinutes = 0 } = misfit ?? {};
    expect(findHttpMisfit(slow, cutover, { minutes: leastMinutes })).toBeNull();
    expect(findHttpMisfit(slow, cutover, { minutes: leastMinutes - 1 })).not.toBeNull();
    const bakes = testRehearsal({
      diversion: {
        ...testSwitch(),
        ramp: [
          { percent: 10, bakeS: 40_000 },
          { percent: 100, bakeS: 0 },
        ],
      },
    }).plan;
    expect(findHttpMisfit(bakes, cutover, { minutes: 4 })).toMatchObject({
      longest: 'bake',
      longestS: 40_000,
    });
  });

  it('keep a shorter hold, and a move that stays', () => {
    const short = rehearsalCutover({
      t1: new Date(Date.parse(rehearsalCutover().t0) + 30_000).toISOString(),
    });
    const times = planHttpTimes(plan, short, { minutes: 15 }, startMs);
    expect((times.t1Ms ?? 0) - times.t0Ms).toBeLessThanOrEqual(30_000);
    const stays = planHttpTimes(plan, rehearsalCutover({ t1: null }), { minutes: 4 }, startMs);
    expect(stays).toMatchObject({ t1Ms: null, cutover: { t1: null } });
    expect(planHttpTimes(plan, null, { minutes: 4 }, startMs)).toMatchObject({ t1Ms: null, cutover: null });
  });
});
