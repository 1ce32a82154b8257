import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invariant } from '@/lib/invariant';
import { startSync } from '@/lib/server/estate/start-sync';
import { deployFunction } from '@/lib/server/functions/deploy-function';
import { getDeployment } from '@/lib/server/functions/get-deployment';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';
import { startTestInvocation } from '@/lib/server/functions/start-test-invocation';
import { startTestDashboard, type TestDashboard } from '@/testing/launch/test-dashboard';
import { type TestWorkers, testWorkers } from '@/testing/launch/test-workers';

/*
 * Kills a worker while the cloud runs a function for it, so that it is unknown whether the function had its effects.
 */

const connectionId = 'sandbox-small-standard';
const within = { timeout: 20_000, interval: 50 };
let dashboard: TestDashboard;
let workers: TestWorkers;

beforeAll(async () => {
  dashboard = await startTestDashboard('127.192.0.0/16', 100);
  const { database, sandbox } = dashboard;
  workers = await testWorkers({ databaseUrl: database.url, sandbox: JSON.stringify(sandbox.announcement) });
});

afterAll(async () => {
  await workers.stop();
  await dashboard.stop();
  workers.remove();
});

test('ends a test invocation whose worker is killed, does not repeat it, and accepts a new one', async () => {
  const first = workers.spawn('a');
  await once(first, 'message');
  await startSync(connectionId);
  await expect.poll(dashboard.readConnections, within).toContain(connectionId);

  const place = { region: 'ap-singapore', namespace: 'default', name: 'waits' };
  const code = [
    'import threading',
    'def main_handler(event, context):',
    '    threading.Event().wait(60)',
    '    return {"statusCode": 200}',
  ];
  const deployed = await deployFunction({
    connectionId,
    ...place,
    runtime: 'Python3.10',
    handler: 'index.main_handler',
    code: code.join('\n'),
    memoryMb: 128,
    timeoutS: 90,
  });
  invariant(deployed.ok, 'the function is deployed');
  const { deploymentId } = deployed.value;
  await expect.poll(() => getDeployment(deploymentId), within).toMatchObject({ state: 'done' });

  const rule = { kind: 'new', url: '/' } as const;
  const asked = {
    connectionId,
    function: { ...place, qualifier: '1' },
    place: { domain: 'waits.example.com', loadBalancerId: '', listenerId: '', rule },
  };
  const newest = async () => (await getTestInvocations(connectionId)).newest;
  expect(await startTestInvocation(asked)).toMatchObject({ ok: true });
  await expect.poll(newest, within).toMatchObject([{ state: 'running', isCalled: true }]);
  first.kill('SIGKILL');
  await once(first, 'exit');

  await once(workers.spawn('b'), 'message');
  await expect
    .poll(newest, within)
    .toMatchObject([
      { state: 'failed', error: { code: 'TestInvocation.Interrupted', mayHaveHappened: true } },
    ]);
  expect((await getTestInvocations(connectionId)).judged).toEqual([]);
  expect(await startTestInvocation(asked)).toMatchObject({ ok: true });
  await expect.poll(newest, within).toMatchObject([{ state: 'running', isCalled: true }]);
});
