import { eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { plans } from '@/lib/db/schema';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import { stops } from '@/lib/preflight/preflight';
import { testContext } from '@/testing/server/test-context';
import { listPlans } from './list-plans';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

it('counts writes and blocking findings without reading the plans themselves', async () => {
  const { id, plan } = await context.plan();
  const { pass, warn, block, unknown } = createFindings('domain-match', sources.domainRules);
  const found = { field: null, objects: [], why: 'differs' };
  const findings = [pass(found), warn(found), block(found), unknown(found), block(found)];
  expect(findings.filter(stops)).toHaveLength(3);
  await context.db.update(plans).set({ findings }).where(eq(plans.id, id));
  expect(await listPlans()).toEqual([
    {
      id,
      name: plan.diversion.name,
      connectionName: 'test',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      steps: plan.steps.filter(({ kind }) => kind === 'write').length,
      blocks: 3,
      runId: null,
      approvals: expect.anything(),
    },
  ]);
});
