import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { taskFailedCode } from '@/lib/cloud/errors';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { invariant } from '@/lib/invariant';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { type ConnectedSandbox, silentLog, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { testAccess } from '@/testing/diversion/test-access';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { withClientTokens } from './run-cloud';

/* Workers that die between the call that creates the load balancer and its record, on the real sandbox over HTTP. */

let sandbox: ConnectedSandbox;
let plan: Plan;
let making: WriteStep;

/** A worker process with a new adapter and no state from the previous worker. */
function worker(): ReturnType<typeof createTencentCloud> {
  return createTencentCloud(sandbox.connection, { now: () => new Date(), log: silentLog });
}

async function create(runId: RunId, events: readonly RunEvent[] = []): Promise<string> {
  const cloud = withClientTokens(worker(), { runId, plan, events: async () => events });
  // The response is lost with the worker; only the test keeps it.
  const { loadBalancerId } = await cloud.write(making.call);
  invariant(loadBalancerId !== null, 'the cloud says which load balancer it has made');
  return loadBalancerId;
}

const made = async () =>
  (await worker().readEstate(() => {})).loadBalancers.filter(({ name }) => name === 'spillway-sale');

beforeAll(async () => {
  sandbox = await startConnectedSandbox({ vipNetwork: '127.188.0.0/16' });
});
afterAll(() => sandbox.stop());

beforeEach(async () => {
  await sandbox.control('POST', '/reset');
  const estate = await worker().readEstate(() => {});
  const planned = createTestPlan({ estate, diversion: testAccess, keepAliveS: 0 });
  plan = planned;
  const found = plan.steps.find((step) => step.kind === 'write' && step.call.action === 'CreateLoadBalancer');
  invariant(found?.kind === 'write', 'the plan makes a load balancer');
  making = found;
});

it('returns the same load balancer again if workers are killed before they journal it', async () => {
  const first = await create(RunId.parse('run-1'));
  expect(first).toMatch(/^lb-/);
  expect(await create(RunId.parse('run-1'))).toBe(first);
  expect(await create(RunId.parse('run-1'))).toBe(first);
  expect((await made()).map(({ id }) => id)).toEqual([first]);
});

it('creates a separate one for another run', async () => {
  const first = await create(RunId.parse('run-1'));
  expect(await create(RunId.parse('run-2'))).not.toBe(first);
});

const stamp = { at: '2026-01-01T00:00:00.000Z' } as const;

it.each([
  [
    'its task has failed',
    (): RunEvent => ({
      type: 'callFailed',
      stepId: making.id,
      direction: 'apply',
      ...stamp,
      error: {
        code: taskFailedCode,
        message: 'no',
        requestId: null,
        action: 'CreateLoadBalancer',
        region: null,
        mayHaveHappened: true,
        advice: 'readBack',
      },
    }),
  ],
  [
    'a rollback has deleted it',
    (): RunEvent => {
      const undoing = plan.rollback.find((step) => step.kind === 'write' && step.undoes === making.id);
      invariant(undoing !== undefined, 'the rollback deletes it');
      const done = { outcome: 'applied', requestId: 'r', durationMs: 1 } as const;
      return { type: 'stepDone', stepId: undoing.id, direction: 'rollback', ...done, ...stamp };
    },
  ],
])('creates a new one after %s', async (_, event) => {
  const first = await create(RunId.parse('run-1'));
  expect(await create(RunId.parse('run-1'), [event()])).not.toBe(first);
});
