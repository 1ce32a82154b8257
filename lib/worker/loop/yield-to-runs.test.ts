import { beforeEach, expect, it } from 'vitest';
import type { Cutover } from '@/lib/diversion/cutover';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { testContext } from '@/testing/server/test-context';
import { yieldToRuns } from './yield-to-runs';

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const hour = 3_600_000;

it('lets runs go first around T0 and T1, for 30 s at most', async () => {
  const plan = await context.plan();
  const t0 = Date.now() + 2 * hour;
  const instant = (ms: number) => new Date(ms).toISOString();
  const cutover: Cutover = {
    t0: instant(t0),
    prewarmS: 600,
    t1: instant(t0 + hour),
    zone: 'UTC',
    missedT0: { kind: 'skip' },
    guards: [],
  };
  expect(await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null, cutover })).toMatchObject({
    ok: true,
  });
  let at = t0;
  const mustYield = yieldToRuns(context.db, () => new Date(at));
  const yieldsAt = (ms: number) => {
    at = ms;
    return mustYield();
  };
  expect(await yieldsAt(t0 - 2001)).toBe(false);
  for (const near of [t0, t0 + hour]) {
    expect(await yieldsAt(near - 2000)).toBe(true);
    expect(await yieldsAt(near + 5000)).toBe(true);
    expect(await yieldsAt(near + 5001)).toBe(false);
  }
  // An instant that is near for longer, as with many in a row.
  expect(await yieldsAt(t0)).toBe(true);
  const stuck = yieldToRuns(
    { execute: async () => ({ rows: [{ near: true }] }) } as never,
    () => new Date(at),
  );
  expect(await stuck()).toBe(true);
  at += 29_999;
  expect(await stuck()).toBe(true);
  at += 1;
  expect(await stuck()).toBe(false);
  expect(await stuck()).toBe(true);
});
