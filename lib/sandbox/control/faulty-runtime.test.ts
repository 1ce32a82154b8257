import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import type { FaultView } from '@/lib/sandbox/world/faults';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { createFunctionRuntime } from '../functions/runtime';

const log = pino({ level: 'silent' });
const runtime = createFunctionRuntime({ log });
const cloud = await startTestCloud({ vipNetwork: '127.108.0.0/16', runtime });
afterAll(async () => {
  await cloud.plane.stop();
  await runtime.stop();
});

test('fails every call of a function that is down as if its process had died, until the fault is cleared', async () => {
  const { scf } = cloud.clients();
  const invoke = async () => (await scf.Invoke({ FunctionName: 'hello', Namespace: 'default' })).Result;
  expect(await invoke()).toMatchObject({ InvokeResult: 0 });
  const ordered = await cloud.control('POST', '/faults', {
    kind: 'functionDown',
    function: 'ap-singapore/default/hello',
  });
  const { id } = await ordered.json();
  const failed = await invoke();
  expect(failed).toMatchObject({ InvokeResult: 1, ErrMsg: expect.stringContaining(`it is down (${id})`) });
  const { faults } = await (await cloud.control('GET', '/faults')).json();
  const [fault]: FaultView[] = faults;
  expect(fault).toMatchObject({ id, hits: 1, remaining: null, lastHits: [{ action: 'Invoke' }] });
  expect(fault?.lastHits[0]?.requestId).toBe(failed?.FunctionRequestId);
  await cloud.control('DELETE', `/faults/${id}`);
  expect(await invoke()).toMatchObject({ InvokeResult: 0 });
});
