import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { buildFlip } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { recordKey } from '@/lib/estate/object-state';
import { isSamePlan } from '@/lib/plan/model/hash';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { testSaleSwitch } from '@/testing/diversion/test-sale-switch';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { TestRun } from '@/testing/run/test-run';
import { startRunFixture } from '@/testing/run/test-run-fixture';
import { runBaseline } from './model/baseline-states';
import { withOwnWrites } from './with-own-writes';

const fixture = await startRunFixture('127.206.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

const ramps = {
  'a flip': [{ percent: 100, bakeS: 0 }],
  'a ramp that ends between both sides': [
    { percent: 10, bakeS: 1 },
    { percent: 60, bakeS: 1 },
  ],
};

const sorted = ({ records }: Estate) =>
  records
    .map(({ updatedAt: _, ...record }) => record)
    .sort((a, b) => recordKey(a).localeCompare(recordKey(b)) || a.subdomain.localeCompare(b.subdomain));

describe.each(Object.entries(ramps))('%s', (_name, ramp) => {
  const diversion = { ...testSaleSwitch, ramp };

  it('has the same records, and the same plan of the next move, before and after the next sync', async () => {
    const before = await fixture.readEstate();
    const plan = await fixture.makePlan(0, diversion);
    const run = new TestRun(fixture, plan);
    const written = () =>
      withOwnWrites(before, [
        runBaseline({ id: RunId.parse('R-0001'), planId: PlanId.parse('P-0001'), plan, events: run.events }),
      ]);
    const planBack = (estate: Estate) =>
      createTestPlan({ estate, diversion: buildFlip(diversion, 'cvm'), keepAliveS: 0 });

    expect(await run.go('apply')).toBe('done');
    const applied = await fixture.readEstate();
    expect(sorted(written())).toEqual(sorted(applied));
    expect(isSamePlan(planBack(written()), planBack(applied))).toBe(true);

    expect(await run.go('rollback')).toBe('rolledBack');
    expect(sorted(written())).toEqual(sorted(await fixture.readEstate()));
  });
});

it('has the same rules, and the same next plan, before and after the next sync', async () => {
  const before = await fixture.readEstate();
  const plan = await fixture.makePlan(0);
  const run = new TestRun(fixture, plan);
  const baseline = () =>
    runBaseline({ id: RunId.parse('R-0001'), planId: PlanId.parse('P-0001'), plan, events: run.events });
  const replanned = (estate: Estate) => createTestPlan({ estate, diversion: plan.diversion, keepAliveS: 0 });
  const places = ({ rules }: Estate) =>
    rules
      .map(({ id, listenerId, domain, url, targets, functions }) => ({
        id,
        listenerId,
        domain,
        url,
        targets,
        functions,
      }))
      .sort((a, b) => a.id.localeCompare(b.id));

  expect(await run.go('apply')).toBe('done');
  const applied = await fixture.readEstate();
  expect(places(withOwnWrites(before, [baseline()]))).toEqual(places(applied));
  expect(isSamePlan(replanned(withOwnWrites(before, [baseline()])), replanned(applied))).toBe(true);

  // A sync that began before the rollback: it has read the rule, and is stored after it.
  expect(await run.go('rollback')).toBe('rolledBack');
  const rolledBack = await fixture.readEstate();
  expect(places(withOwnWrites(applied, [baseline()]))).toEqual(places(rolledBack));
  expect(isSamePlan(replanned(withOwnWrites(applied, [baseline()])), replanned(rolledBack))).toBe(true);
});
