import { expect, it } from 'vitest';
import { noConditions } from '@/lib/preflight/model/conditions';
import { testAccess } from '@/testing/diversion/test-access';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testFunction, testLoadBalancer } from '@/testing/plan/test-estate';
import { checkLoadBalancerState } from './load-balancer-state';

const estate = testEstate({ functions: [testFunction({ namespace: 'default', name: 'hello' })] });
const { steps, rollback } = createTestPlan({ estate, diversion: testAccess, keepAliveS: 0 });

/** Returns the findings where this load balancer has the name of the one that the rollback deletes. */
function found(deleteProtected: boolean | null) {
  const before = testEstate({
    loadBalancers: [testLoadBalancer('lb-theirs', { name: 'spillway-sale', deleteProtected })],
  });
  const given = { estate: before, before, diversion: testAccess, routes: [], problems: [] };
  return checkLoadBalancerState({ ...given, conditions: noConditions(before), steps, rollback });
}

it('blocks only the deletion of a protected object', () => {
  expect(found(true)).toMatchObject([
    { status: 'block', why: 'load-balancer-state.protected', objects: ['lb-theirs'] },
  ]);
  expect(found(false)).toEqual([]);
  expect(found(null)).toEqual([]);
});
