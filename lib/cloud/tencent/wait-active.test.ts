import { afterAll, expect, it } from 'vitest';
import { gatewayAnswer, testGateways } from '@/testing/cloud/tencent/test-gateway';
import { createCaller } from './call/caller';
import { waitActive } from './wait-active';

const gateways = testGateways();
afterAll(() => gateways.close());

const key = {
  region: 'ap-jakarta',
  namespace: 'default',
  name: 'sale',
  runtime: 'Python3.6',
  handler: 'index.main_handler',
  code: '',
  memoryMb: 128,
  timeoutS: 3,
};
const throttled = gatewayAnswer({
  RequestId: 'r-1',
  Error: { Code: 'RequestLimitExceeded', Message: 'slower' },
});
const refused = gatewayAnswer({ RequestId: 'r-2', Error: { Code: 'AuthFailure', Message: 'who are you' } });
const fn = (status: string) =>
  gatewayAnswer({
    RequestId: 'r-3',
    FunctionName: 'sale',
    Namespace: 'default',
    Type: 'Event',
    Status: status,
    StatusDesc: 'the zip is broken',
    MemorySize: 128,
    Timeout: 3,
    ModTime: '2026-11-01 10:00:00',
  });
const waiting = { now: () => new Date(), sleep: async () => {}, random: () => 0 };

async function wait(...behaviours: readonly ReturnType<typeof gatewayAnswer>[]) {
  const { endpoint } = await gateways.startGateway(...behaviours);
  const deps = { ...waiting, log: { debug: () => {}, info: () => {}, warn: () => {} } };
  return waitActive(createCaller(gateways.connectionTo(endpoint), deps), key, '1', waiting);
}

it('continues when reads fail for longer than one read is retried', async () => {
  const throttles = Array.from({ length: 7 }, () => throttled);
  await expect(wait(...throttles, fn('Publishing'), fn('Active'))).resolves.toBeUndefined();
});

it("ends when waiting doesn't help, with the cloud's reason", async () => {
  await expect(wait(fn('Creating'), fn('CreateFailed'))).rejects.toMatchObject({
    data: { code: 'Function.CreateFailed', message: 'the zip is broken' },
  });
  await expect(wait(refused)).rejects.toMatchObject({ data: { code: 'AuthFailure' } });
});
