import { expect, it } from 'vitest';
import { planHash } from '@/lib/plan/model/hash';
import { isIntact, upgradePlan } from '@/lib/plan/model/stored-plan';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { testEstate, testSplit } from '@/testing/plan/test-estate';

const planned = planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
if (!planned.ok) throw new Error('the Split can be planned');
const plan = planned.value;

it('adds no peak to a plan stored before peaks existed, and keeps it intact', async () => {
  const { expectedPeakRps: _later, ...diversion } = plan.diversion;
  const stored = { ...plan, diversion };
  expect(upgradePlan(stored)).toEqual(plan);
  expect(await isIntact(stored, await planHash(stored))).toBe(true);
  expect(await isIntact(stored, await planHash(plan))).toBe(false);
});

it('keeps a stored peak', () => {
  const stored = { ...plan, diversion: { ...plan.diversion, expectedPeakRps: 400 } };
  expect(upgradePlan(stored)).toEqual(stored);
});
