import { beforeEach, describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { testEstate, testListener, testLoadBalancer, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { discardDiversion } from './change-diversions';
import { fixPlan } from './fix-plan';
import { getDiversion } from './get-diversion';

const context = testContext();

/** The function's load balancer is in another region than the function; another load balancer is in the right one. */
const estate = testEstate({
  loadBalancers: [
    testLoadBalancer('lb-cvm'),
    testLoadBalancer('lb-scf', { region: 'ap-jakarta', vips: ['127.77.1.2'] }),
    testLoadBalancer('lb-new', { vips: ['127.77.1.3'] }),
  ],
  listeners: [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-new')],
});

beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', estate);
});

const refused = (message: string) => ({ ok: false, error: { form: { message } } });

async function planned() {
  const view = await context.plan();
  const finding = view.findings.findIndex(({ fix }) => fix?.label === 'useLoadBalancer');
  invariant(finding >= 0, 'a load balancer is suggested');
  return { ...view, finding };
}

describe('the fix of a finding', () => {
  it('creates the next revision without the finding', async () => {
    const { id: planId, finding, findings, diversionId } = await planned();
    const made = await fixPlan({ planId, finding });
    invariant(made.ok, `the fix is applied: ${JSON.stringify(made)}`);
    const next = await getPlan(made.value.planId);
    expect(next?.plan.diversion.routes[1]).toMatchObject({ loadBalancerId: 'lb-new' });
    const { why } = findings[finding] ?? {};
    expect(next?.findings.map((each) => each.why)).not.toContain(why);
    expect(await getDiversion(diversionId)).toMatchObject({
      newest: { planId: made.value.planId, number: 2, createdBy: 'local' },
    });
  });

  it('is refused on a superseded revision, for a discarded diversion, and without a fix', async () => {
    const { id: planId, finding, findings, diversionId } = await planned();
    const none = findings.findIndex(({ fix }) => fix === null);
    expect(await fixPlan({ planId, finding: none })).toMatchObject(refused('plan.noFix'));
    expect(await fixPlan({ planId, finding: 9999 })).toMatchObject(refused('plan.noFix'));
    expect(await fixPlan({ planId: 'P-9999', finding })).toMatchObject(refused('plan.gone'));
    await createPlan({ connectionId: 'test', diversion: testSplit({ expectedBody: 'x' }), diversionId });
    expect(await fixPlan({ planId, finding })).toMatchObject(refused('plan.superseded'));
    await discardDiversion({ diversionId });
    expect(await fixPlan({ planId, finding })).toMatchObject(refused('diversion.discarded'));
  });
});
