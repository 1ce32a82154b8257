import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { testInvocations } from '@/lib/db/schema';
import type { Diversion } from '@/lib/diversion/diversion';
import { clbEvent } from '@/lib/function-contract/clb-event';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { testInvocationRequest } from '@/lib/preflight/function/test-invocation-request';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { testCutover } from '@/testing/components/test-run';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { createPlan } from './create-plan';
import { getPlan } from './get-plan';
import { getPlanScenario } from './get-scenario';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

async function store(diversion: Diversion = testSplit({ provisioned: 5 })) {
  const planned = await createPlan({ connectionId: 'test', diversion });
  invariant(planned.ok, 'the plan is stored');
  const view = await getPlan(planned.value.planId);
  invariant(view !== null, 'it is there');
  return view;
}

describe('the event of a plan', () => {
  it('has the times that a schedule would propose, and names what is assumed', async () => {
    const { id, diversionId } = await store();
    const found = await getPlanScenario(id);
    expect(found).toMatchObject({
      planId: id,
      diversionId,
      connectionId: 'test',
      takenAt: testEstate().takenAt,
      times: 'proposed',
      assumed: ['peak', 'duration', 'serverRate'],
      scenario: { functions: [{ name: 'flash/storefront' }] },
    });
    expect(Date.parse(found?.scenario?.startsAt ?? '')).toBeGreaterThan(Date.now());
  });

  it('begins prewarm as early as the diversion asks', async () => {
    const { id } = await store({ ...testSplit({ provisioned: 5 }), prewarmS: 2400 });
    const scenario = (await getPlanScenario(id))?.scenario;
    const [first] = scenario?.functions[0]?.provisioned ?? [];
    const [divert] = scenario?.traffic.changes ?? [];
    expect((divert?.atS ?? 0) - (first?.atS ?? 0)).toBe(2400);
  });

  it('has the times of its schedule, the peak of the diversion and the duration of a test invocation', async () => {
    const view = await store({ ...testSplit({ provisioned: 5 }), expectedPeakRps: 4000 });
    const route = view.plan.diversion.routes.find(({ to }) => to === 'function');
    invariant(route?.to === 'function', 'a Split has a function');
    const rule = { kind: 'new', url: '/' } as const;
    const place = { domain: 'flash.example.co.id', loadBalancerId: '', listenerId: '', rule };
    await context.db.insert(testInvocations).values({
      id: randomUUID(),
      connectionId: 'test',
      ...route.function,
      event: clbEvent(testInvocationRequest(testEstate(), place, new Date())),
      state: 'judged',
      actor: 'sari',
      version: '1',
      modifiedAt: '',
      calledAt: new Date(),
      durationMs: 77,
      verdict: { kind: 'kept', statusCode: 200 },
    });
    const inADay = new Date(Date.now() + 86_400_000).toISOString();
    const cutover = { ...testCutover, t0: inADay, t1: null };
    const applied = await applyPlan({ planId: view.id, hash: view.hash, typedDomain: null, cutover });
    invariant(applied.ok, `it is scheduled: ${JSON.stringify(applied)}`);
    const found = await getPlanScenario(view.id);
    expect(found).toMatchObject({
      times: 'run',
      assumed: ['serverRate'],
      scenario: { demand: { peakRps: 4000 }, functions: [{ duration: { meanMs: 77 } }] },
    });
    const { scenario } = found ?? {};
    const t0 = Date.parse(scenario?.startsAt ?? '') + (scenario?.traffic.changes[0]?.atS ?? 0) * 1000;
    expect(new Date(t0).toISOString()).toBe(inADay);
  });

  it('is null for an unknown plan', async () => {
    expect(await getPlanScenario(PlanId.parse('P-9999'))).toBeNull();
  });
});
