import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRun } from '@/testing/run/test-run';
import { lasting, startRunFixture } from '@/testing/run/test-run-fixture';

const fixture = await startRunFixture('127.175.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

describe('crash recovery', () => {
  const points = ['afterIntent', 'afterCall', 'afterRecord', 'beforeResult'] as const;
  /** Each run crashes once in each direction. */
  const pairs = [
    ['s1', 'r1'],
    ['s2', 'r4'],
    ['s4', 'r5'],
  ] as const;
  let uninterrupted: unknown;

  beforeAll(async () => {
    await fixture.reset();
    const calm = new TestRun(fixture, await fixture.makePlan());
    await calm.go('apply');
    await calm.go('rollback');
    uninterrupted = await fixture.effects();
  });

  const table = pairs.flatMap(([there, back]) => points.map((point) => ({ there, back, point })));

  it.each(table)('$point of $there and of $back repeats nothing and loses nothing', async (row) => {
    const { there, back, point } = row;
    const before = await fixture.readEstate();
    const run = new TestRun(fixture, await fixture.makePlan());
    expect(await run.go('apply', { step: there, point })).toBe('done');
    expect(await run.go('rollback', { step: back, point })).toBe('rolledBack');
    expect(await fixture.effects()).toEqual(uninterrupted);
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });
});
