import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { generateSituation } from '@/testing/simulation/generate-situation';
import { createRandom } from '@/testing/simulation/random';
import { planActions } from './actions';

it('property: plans send only actions that are checked for a key, on apply and rollback', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const planned = planDiversion({ ...generateSituation(createRandom(seed)), keepAliveS: 75 });
      if (!planned.ok) throw new Error('the situation has what its diversion names');
      const { steps, revert } = planned.value;
      for (const step of [...steps, ...revert])
        if (step.kind === 'write') expect(planActions).toContain(`${step.call.service}:${step.call.action}`);
    }),
    { numRuns: 300 },
  );
});
