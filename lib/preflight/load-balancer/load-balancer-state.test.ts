import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { noConditions } from '@/lib/preflight/model/conditions';
import { testAccess } from '@/testing/diversion/test-access';
import { testEstate, testFunction, testLoadBalancer } from '@/testing/plan/test-estate';
import { checkLoadBalancerState } from './load-balancer-state';

const estate = testEstate({ functions: [testFunction({ namespace: 'default', name: 'hello' })] });
const planned = planDiversion({ estate, diversion: testAccess, keepAliveS: 0 });
invariant(planned.ok, 'the Access can be planned');
const { steps, revert } = planned.value;

/** Returns the findings where this load balancer has the name of the one that the rollback deletes. */
function found(deleteProtected: boolean | null) {
  const before = testEstate({
    loadBalancers: [testLoadBalancer('lb-theirs', { name: 'spillway-sale', deleteProtected })],
  });
  const given = { estate: before, before, diversion: testAccess, routes: [], problems: [] };
  return checkLoadBalancerState({ ...given, conditions: noConditions(before), steps, revert });
}

it('blocks only the deletion of a protected object', () => {
  expect(found(true)).toMatchObject([
    { status: 'block', why: 'load-balancer-state.protected', objects: ['lb-theirs'] },
  ]);
  expect(found(false)).toEqual([]);
  expect(found(null)).toEqual([]);
});
