import { describe, expect, it } from 'vitest';
import { Guard } from '@/lib/diversion/cutover';
import { defaultPolicy } from '@/lib/policy/policy';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testSplit } from '@/testing/plan/test-estate';
import { defaultCutover, prewarmLeadS, withPolicyGuards } from './default-cutover';
import { forecastSeconds } from './model/timeline';

function planned(prewarmS?: number) {
  const diversion = { ...testSplit({ provisioned: 50 }), ...(prewarmS === undefined ? {} : { prewarmS }) };
  return createTestPlan({ diversion });
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
    { measure: 'errorsAboveCvm', limit: 1, forS: 300, outcome: 'stop' },
    { measure: 'errorRate', limit: 5, forS: 30, outcome: 'rollback' },
  ] as const;
  const lags = { errorsAboveCvm: 690_000, errorRate: 90_000 };
  const proposed = defaultCutover(planned(), { ...defaultPolicy, guards: [...guards] }, lags).guards;
  expect(proposed.map(({ forS }) => forS)).toEqual([600, 150]);
  expect(proposed.every((guard) => Guard.safeParse(guard).success)).toBe(true);
});

describe('the guards of a requested schedule', () => {
  const request = { t0: '2030-12-12T00:00:00Z', t1: null, prewarmS: 60, zone: 'UTC' } as const;
  const missedT0 = { kind: 'skip' } as const;
  const given = (more: object) =>
    withPolicyGuards({ ...request, missedT0, ...more }, planned(), defaultPolicy, {});
  const measures = (more: object) => given(more).guards.map(({ measure }) => measure);

  it('are those of the policy, without the ones that it leaves out', () => {
    expect(given({}).guards).toEqual(defaultPolicy.guards);
    expect(given({})).not.toHaveProperty('withoutGuards');
    expect(measures({ withoutGuards: ['latency'] })).toEqual(['probeFailures', 'errorRate']);
    expect(given({ withoutGuards: ['latency', 'notConverged'] }).withoutGuards).toEqual(['latency']);
  });

  it('are its own if it has some, and those of the policy that are missing are named', () => {
    const guards = [{ measure: 'errorRate', limit: 1, forS: 30, outcome: 'stop' }];
    expect(given({ guards }).guards).toEqual(guards);
    expect(given({ guards }).withoutGuards).toEqual(['probeFailures', 'latency']);
    expect(given({ guards: [] }).withoutGuards).toEqual(['probeFailures', 'errorRate', 'latency']);
    // What the request says about the policy does not count.
    expect(given({ guards: defaultPolicy.guards, withoutGuards: ['latency'] })).not.toHaveProperty(
      'withoutGuards',
    );
  });
});
