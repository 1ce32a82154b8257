import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRun } from '@/testing/run/test-run';
import { lasting, type RunFixture, startRunFixture } from '@/testing/run/test-run-fixture';

let fixture: RunFixture;

beforeAll(async () => {
  fixture = await startRunFixture('127.175.0.0/16');
});
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

describe('crash recovery', { timeout: 30_000 }, () => {
  const points = ['afterIntent', 'afterCall', 'afterRecord', 'beforeResult'] as const;
  const places = [
    { direction: 'apply', step: 's1' },
    { direction: 'apply', step: 's2' },
    { direction: 'apply', step: 's4' },
    { direction: 'revert', step: 'r1' },
    { direction: 'revert', step: 'r4' },
    { direction: 'revert', step: 'r5' },
  ] as const;
  let uninterrupted: unknown;

  beforeAll(async () => {
    await fixture.reset();
    const calm = new TestRun(fixture, await fixture.makePlan());
    await calm.go('apply');
    await calm.go('revert');
    uninterrupted = await fixture.effects();
  });

  const table = places.flatMap((place) => points.map((point) => ({ ...place, point })));

  it.each(table)(
    '$point of $step ($direction) repeats nothing and loses nothing',
    async ({ direction, step, point }) => {
      const plan = await fixture.makePlan();
      const before = await fixture.readEstate();
      const run = new TestRun(fixture, plan);
      expect(await run.go('apply', direction === 'apply' ? { step, point } : undefined)).toBe('done');
      expect(await run.go('revert', direction === 'revert' ? { step, point } : undefined)).toBe('reverted');
      expect(await fixture.effects()).toEqual(uninterrupted);
      expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
    },
  );
});
