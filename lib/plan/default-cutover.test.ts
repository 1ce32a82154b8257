import { describe, expect, it } from 'vitest';
import { Guard } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { defaultPolicy } from '@/lib/policy/policy';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { defaultCutover, prewarmLeadS } from './default-cutover';
import { forecastSeconds } from './model/timeline';
import { planDiversion } from './plan-diversion';

function planned(prewarmS?: number) {
  const diversion = { ...testSplit({ provisioned: 50 }), ...(prewarmS === undefined ? {} : { prewarmS }) };
  const plan = planDiversion({ estate: testEstate(), diversion, keepAliveS: 75 });
  invariant(plan.ok, 'the test estate can be planned');
  return plan.value;
}

const forecastS = Math.ceil(forecastSeconds(planned().steps, ['prewarm']) / 1000);

describe('the default lead of prewarm', () => {
  it('is what the diversion asks for, before the value of the policy', () => {
    expect(prewarmLeadS(planned(1500), { prewarmS: null })).toBe(1500);
    expect(prewarmLeadS(planned(1500), { prewarmS: 3000 })).toBe(1500);
    expect(prewarmLeadS(planned(), { prewarmS: 3000 })).toBe(3000);
  });

  it('is at least the forecast of its steps', () => {
    expect(forecastS).toBeGreaterThan(1);
    expect(prewarmLeadS(planned(1), { prewarmS: null })).toBe(forecastS);
    expect(prewarmLeadS(planned(), { prewarmS: 1 })).toBe(forecastS);
  });

  it('is twice the forecast in whole minutes if nothing states it', () => {
    const leadS = prewarmLeadS(planned(), { prewarmS: null });
    expect(leadS % 60).toBe(0);
    expect(leadS).toBeGreaterThanOrEqual(Math.max(60, 2 * forecastS));
  });
});

it('proposes guards that a schedule accepts, even if their figures are later than the longest guard', () => {
  const guards = [
    { measure: 'errorsAboveCvm', limit: 1, forS: 300, outcome: 'hold' },
    { measure: 'errorRate', limit: 5, forS: 30, outcome: 'revert' },
  ] as const;
  const lags = { errorsAboveCvm: 690_000, errorRate: 90_000 };
  const proposed = defaultCutover(planned(), { ...defaultPolicy, guards: [...guards] }, lags).guards;
  expect(proposed.map(({ forS }) => forS)).toEqual([600, 150]);
  expect(proposed.every((guard) => Guard.safeParse(guard).success)).toBe(true);
});
