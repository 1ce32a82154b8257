import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { generateSituation } from '@/testing/simulation/generate-situation';
import { createRandom } from '@/testing/simulation/random';
import { planActions } from './actions';

it('property: plans send only actions that are checked for a key, on apply and rollback', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { steps, rollback } = createTestPlan({ ...generateSituation(createRandom(seed)) });
      for (const step of [...steps, ...rollback])
        if (step.kind === 'write') expect(planActions).toContain(`${step.call.service}:${step.call.action}`);
    }),
    { numRuns: 300 },
  );
});
