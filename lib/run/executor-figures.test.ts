import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Guard } from '@/lib/diversion/cutover';
import { type RunMeasure, runMeasures, suggestedGuards } from '@/lib/diversion/guards';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { invariant } from '@/lib/invariant';
import type { Step } from '@/lib/plan/model/model';
import { testSaleSwitch } from '@/testing/diversion/test-sale-switch';
import { TestRun } from '@/testing/run/test-run';
import { clock, lasting, type RunFixture, startRunFixture } from '@/testing/run/test-run-fixture';

/* Guards that use what vantage points and diverted traffic show. Time is fast here. */

let fixture: RunFixture;

beforeAll(async () => {
  fixture = await startRunFixture('127.148.0.0/16');
});
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

const ramp = [50, 100].map((percent) => ({ percent, bakeS: percent === 100 ? 0 : 120 }));
const isMove = ({ kind, phase }: Step) => kind === 'write' && phase === 'divert';

/** Runs the ramp under one guard, whose measure has this value as soon as traffic has moved. */
async function runGuarded(guard: Guard, value: number | null) {
  const plan = await fixture.makePlan(0, SwitchDiversion.parse({ ...testSaleSwitch, ramp }));
  const run = new TestRun(fixture, plan);
  run.cutover = {
    t0: clock.now().toISOString(),
    prewarmS: 0,
    t1: null,
    zone: 'UTC',
    missedT0: { kind: 'runIfLate', withinS: 86_400 },
    guards: [guard],
  };
  run.measures = () => ({ [guard.measure]: value });
  return { run, result: await run.go('apply') };
}

function suggested(measure: RunMeasure): Guard {
  const found = suggestedGuards.find((guard) => guard.measure === measure);
  invariant(found !== undefined, 'each has initial values');
  return { ...found, forS: 10 };
}

it.each(runMeasures)(
  'rolls the first share back if a guard of %s is breached',
  async (measure) => {
    const before = await fixture.readEstate();
    const guard: Guard = { ...suggested(measure), outcome: 'revert' };
    const { run, result } = await runGuarded(guard, guard.limit + 1);
    expect(result).toBe('reverted');
    expect(run.view().rollback?.why).toMatchObject({
      kind: 'guard',
      breach: { guard, value: guard.limit + 1 },
    });
    expect(run.view().apply.some(({ step, state }) => isMove(step) && state === 'done')).toBe(true);
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  },
  60_000,
);

it('holds a run by the policy of its guard', async () => {
  const { run, result } = await runGuarded(suggested('splitDeviation'), 100);
  expect(result).toBe('held');
  expect(run.view().held?.reason).toMatchObject({ kind: 'guard' });
}, 60_000);

it.each([0, null])(
  'continues while a measure is %s',
  async (value) => {
    const { result } = await runGuarded({ ...suggested('agentFailures'), outcome: 'revert' }, value);
    expect(result).toBe('done');
  },
  60_000,
);
