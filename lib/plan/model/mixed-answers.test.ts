import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { planDiversion } from '@/lib/plan/plan-diversion';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { generateSituation } from '@/testing/simulation/generate-situation';
import { createRandom } from '@/testing/simulation/random';
import { mixedAnswers } from './mixed-answers';
import { buildTimeline } from './timeline';

function planned(
  estate = testEstate(),
  diversion: Parameters<typeof planDiversion>[0]['diversion'] = testSplit(),
) {
  return createTestPlan({ estate, diversion });
}

describe('mixed answers', () => {
  it('last from the move of a name until earlier answers have expired', () => {
    const { steps, rollback } = planned();
    // One write of half a second, and a TTL of 60 s.
    expect(mixedAnswers(steps)).toEqual([{ name: 'flash.example.co.id', seconds: 61 }]);
    expect(mixedAnswers(rollback)).toEqual([{ name: 'flash.example.co.id', seconds: 61 }]);
  });

  it('last over the whole ramp of a Switch', () => {
    const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] });
    const flip = mixedAnswers(planned(estate, testSwitch()).steps);
    const ramp = mixedAnswers(planned(estate, testSwitch({ ramp: [10, 50, 100] })).steps);
    expect(flip[0]?.seconds).toBeLessThan(70);
    // Two bakes of 300 s, and the TTL after the last move.
    expect(ramp[0]?.seconds).toBeGreaterThan(660);
  });

  it('are none without an earlier answer, nor from a lowered TTL', () => {
    const estate = testEstate({ records: [testRecord(11, 'shop', '127.77.1.1')] });
    expect(mixedAnswers(planned(estate).steps)).toEqual([{ name: 'flash.example.co.id', seconds: 0 }]);
    const lowered = { ...testSplit(), lowerTtlS: 10 };
    const served = testEstate({
      records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1', { ttlS: 600 })],
    });
    expect(mixedAnswers(planned(served, lowered).steps)).toEqual([
      { name: 'flash.example.co.id', seconds: 11 },
    ]);
  });

  it('never begin before the steps, and end at most the largest TTL after them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const { estate, diversion } = generateSituation(createRandom(seed));
        const { steps } = planned(estate, diversion);
        const ttl = Math.max(0, ...estate.records.map(({ ttlS }) => ttlS), diversion.lowerTtlS ?? 0, 600);
        const longest = buildTimeline(steps).totalMs / 1000 + ttl + 1;
        for (const { seconds } of mixedAnswers(steps)) {
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThanOrEqual(longest);
        }
      }),
      { numRuns: 200 },
    );
  });
});
