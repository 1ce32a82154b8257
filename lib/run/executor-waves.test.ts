import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { listAddressRecords } from '@/lib/estate/look-up';
import { invariant } from '@/lib/invariant';
import type { Step } from '@/lib/plan/model/model';
import { testSaleSwitch } from '@/testing/diversion/test-sale-switch';
import { TestRun } from '@/testing/run/test-run';
import { clock, lasting, type RunFixture, startRunFixture } from '@/testing/run/test-run-fixture';

let fixture: RunFixture;

beforeAll(async () => {
  fixture = await startRunFixture('127.96.0.0/16');
});
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

const [sale, shop] = ['sale.example.com', 'shop.example.com'];

/** The names of the small seed in two waves: first the sale, then the shop. */
const inWaves = SwitchDiversion.parse({
  ...testSaleSwitch,
  routes: [
    ...testSaleSwitch.routes,
    ...testSaleSwitch.routes.map((route) => ({
      ...route,
      domain: shop,
      rule: route.to === 'cvm' ? { kind: 'existing', ruleId: 'loc-shop0001' } : route.rule,
    })),
  ],
  waves: [
    { names: [sale], bakeS: 20 },
    { names: [shop], bakeS: 0 },
  ],
});

async function listAnswers(domain: string): Promise<readonly string[]> {
  const estate = await fixture.readEstate();
  return listAddressRecords(estate, domain).flatMap(({ enabled, value }) => (enabled ? [value] : []));
}

const isMove = ({ kind, phase }: Step) => kind === 'write' && phase === 'divert';

describe('a run of two waves', { timeout: 60_000 }, () => {
  it('moves the second wave after the first is verified and has baked, and rolls both back', async () => {
    const before = await fixture.readEstate();
    const run = new TestRun(fixture, await fixture.makePlan(0, inWaves));
    expect(await run.go('apply')).toBe('done');
    const over = run.events.flatMap((event) => (event.type === 'stepDone' ? [event.stepId] : []));
    const find = (wave: number) => run.plan.steps.filter((step) => step.wave === wave && isMove(step));
    const bake = run.plan.steps.find(({ kind, wave }) => kind === 'bake' && wave === 1);
    const [first, second] = [find(1), find(2)];
    invariant(bake !== undefined && first.length > 0 && second.length > 0, 'both waves move');
    const at = (steps: readonly Step[]) => steps.map(({ id }) => over.indexOf(id));
    expect(Math.max(...at(first))).toBeLessThan(over.indexOf(bake.id));
    expect(Math.min(...at(second))).toBeGreaterThan(over.indexOf(bake.id));
    const [saleNow, shopNow] = [await listAnswers(sale), await listAnswers(shop)];
    expect(saleNow).toEqual(shopNow);
    expect(saleNow).not.toEqual(listAddressRecords(before, sale).map(({ value }) => value));

    expect(await run.go('revert')).toBe('reverted');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('rolls both waves back after a failure in the second', async () => {
    const before = await fixture.readEstate();
    const plan = await fixture.makePlan(0, inWaves);
    const run = new TestRun(fixture, plan);
    const failing = plan.steps.filter((step) => step.wave === 2 && isMove(step)).at(-1);
    invariant(failing !== undefined, 'the second wave moves');
    // Held before the last write of the second wave: the first wave has moved, and half of the second.
    run.holdAt = failing.id;
    expect(await run.go('apply')).toBe('held');
    const done = run.view().apply.filter(({ state }) => state === 'done');
    expect(done.some(({ step }) => step.wave === 1 && isMove(step))).toBe(true);
    expect(run.view().apply.find(({ step }) => step.id === failing.id)?.state).not.toBe('done');
    run.holdAt = null;
    expect(await run.go('revert')).toBe('reverted');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('is held by a call of the second wave that keeps failing, and rolls both waves back', async () => {
    const before = await fixture.readEstate();
    const run = new TestRun(fixture, await fixture.makePlan(0, inWaves));
    await fixture.fault({ kind: 'internalError', action: 'CreateRecord', object: 'shop', count: 1000 });
    expect(await run.go('apply')).toBe('held');
    const { held, apply } = run.view();
    expect(held?.reason.kind).toBe('cloudError');
    expect(apply.find(({ step }) => step.id === held?.stepId)?.step.wave).toBe(2);
    const moved = apply.filter(({ step, state }) => isMove(step) && state === 'done');
    expect(new Set(moved.map(({ step }) => step.wave))).toEqual(new Set([1]));
    expect(await run.go('revert')).toBe('reverted');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('automatically rolls both waves back when a guard is breached while the second one bakes', async () => {
    const before = await fixture.readEstate();
    const ramp = [50, 100].map((percent) => ({ percent, bakeS: percent === 100 ? 0 : 120 }));
    const plan = await fixture.makePlan(0, SwitchDiversion.parse({ ...inWaves, ramp }));
    const run = new TestRun(fixture, plan);
    const isDone = ({ id }: Step) => run.events.some((e) => e.type === 'stepDone' && e.stepId === id);
    const seconds = plan.steps.filter((step) => step.wave === 2 && isMove(step));
    run.cutover = {
      t0: clock.now().toISOString(),
      prewarmS: 0,
      t1: null,
      zone: 'UTC',
      missedT0: { kind: 'runIfLate', withinS: 86_400 },
      guards: [{ measure: 'probeFailures', limit: 50, forS: 10, outcome: 'revert' }],
    };
    // Succeeds until the second wave has moved its first share.
    run.measures = () => ({ probeFailures: seconds.some(isDone) ? 100 : 0 });
    expect(await run.go('apply')).toBe('reverted');
    expect(run.view().rollback?.why).toMatchObject({ kind: 'guard' });
    expect(plan.steps.filter((step) => step.wave === 1 && isMove(step)).every(isDone)).toBe(true);
    expect(seconds.some(isDone)).toBe(true);
    expect(seconds.every(isDone)).toBe(false);
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('never moves the second wave if the first is not verified', async () => {
    const before = await fixture.readEstate();
    const wrong = SwitchDiversion.parse({
      ...inWaves,
      routes: inWaves.routes.map((route) =>
        route.to === 'function' ? { ...route, expectedBody: 'other' } : route,
      ),
    });
    const plan = await fixture.makePlan(0, wrong);
    // The check through the address would already stop it: here only the one after the move fails.
    const steps = plan.steps.map((step) =>
      step.kind === 'probe' && step.probe.kind === 'http' && step.phase === 'prewarm'
        ? { ...step, probe: { ...step.probe, expect: { ...step.probe.expect, bodyContains: null } } }
        : step,
    );
    const run = new TestRun(fixture, { ...plan, steps });
    expect(await run.go('apply')).toBe('held');
    expect(run.view().held?.reason.kind).toBe('probeFailed');
    const moved = run.view().apply.filter(({ step, state }) => isMove(step) && state === 'done');
    expect(new Set(moved.map(({ step }) => step.wave))).toEqual(new Set([1]));
    expect(await run.go('revert')).toBe('reverted');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });
});
