import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRun } from '@/testing/run/test-run';
import { lasting, type RunFixture, startRunFixture } from '@/testing/run/test-run-fixture';

let fixture: RunFixture;

beforeAll(async () => {
  fixture = await startRunFixture('127.182.0.0/16');
});
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

const refusal = { kind: 'safetyRule', values: { rule: 'Shop' } };

/** Returns a run on whose second step a safety rule becomes violated. */
async function refusedRun() {
  const run = new TestRun(fixture, await fixture.makePlan());
  run.refuses = ({ id }) => (id === 's2' ? [refusal] : []);
  return run;
}

describe('a run with a safety rule that becomes violated', { timeout: 30_000 }, () => {
  it('is held before the write, which is not sent', async () => {
    const run = await refusedRun();
    expect(await run.go('apply')).toBe('held');
    expect(run.view()).toMatchObject({
      state: 'held',
      held: { stepId: 's2', reason: { kind: 'invalid', problems: [refusal] } },
    });
    expect(
      run
        .view()
        .apply.map(({ state }) => state)
        .slice(0, 3),
    ).toEqual(['done', 'failed', 'todo']);
    expect(run.events.filter(({ type }) => type === 'accepted')).toHaveLength(1);
    expect(Object.values(await fixture.effects())).toEqual([1]);
  });

  it('continues with a retry once the rule allows it', async () => {
    const run = await refusedRun();
    await run.go('apply');
    run.refuses = () => [];
    expect(await run.go('apply')).toBe('done');
    expect(Object.values(await fixture.effects())).toEqual([1, 1, 1]);
  });

  it('rolls back although the rule refuses every write', async () => {
    const before = await fixture.readEstate();
    const run = await refusedRun();
    await run.go('apply');
    run.refuses = () => [refusal];
    expect(await run.go('revert')).toBe('reverted');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('is held once, also if its process dies before the hold is recorded', async () => {
    const run = await refusedRun();
    expect(await run.go('apply', { point: 'beforeResult', step: 's2' })).toBe('held');
    expect(run.events.filter(({ type }) => type === 'held')).toHaveLength(1);
    expect(Object.values(await fixture.effects())).toEqual([1]);
  });
});
