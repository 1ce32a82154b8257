import { expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { measuredRoutes } from '@/lib/plan/model/measured-routes';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testSplit } from '@/testing/plan/test-estate';
import type { RunEvent } from './model';
import { bindPlan } from './placeholders';

it('names the measured rules of a plan by the ids of the objects that its run has created', () => {
  const [loadBalancerId, listenerId] = ['lb-scf', '@sale-http'];
  const listeners = [{ id: listenerId, loadBalancerId, name: 'http', protocol: 'HTTP', port: 8080 }];
  const diversion = SplitDiversion.parse({ ...testSplit({ listenerId }), creates: { listeners } });
  const plan = createTestPlan({ diversion });
  const made = plan.steps.find((step) => step.kind === 'write' && step.yields !== undefined);
  invariant(made !== undefined, 'the plan creates a listener');
  const event: RunEvent = {
    type: 'stepDone',
    stepId: made.id,
    outcome: 'applied',
    requestId: null,
    durationMs: 0,
    at: '2026-12-12T00:00:00.000Z',
    direction: 'apply',
    ids: { [listenerId]: 'lbl-made' },
  };
  const read = (events: readonly RunEvent[]) =>
    measuredRoutes(bindPlan(plan, events)).map((route) => route.listenerId);
  expect(read([])).toEqual([listenerId]);
  expect(read([event])).toEqual(['lbl-made']);
});
