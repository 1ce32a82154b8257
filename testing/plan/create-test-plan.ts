import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { testEstate, testSplit } from './test-estate';

/** Plans a diversion for an estate that has what it names: by default, the Split on the test estate. */
export function createTestPlan({
  estate = testEstate(),
  diversion = testSplit(),
  keepAliveS = 75,
  ...given
}: Partial<Parameters<typeof planDiversion>[0]> = {}): Plan {
  const planned = planDiversion({ estate, diversion, keepAliveS, ...given });
  invariant(planned.ok, 'the estate has what the diversion names');
  return planned.value;
}
