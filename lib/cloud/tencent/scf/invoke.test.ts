import { afterEach, describe, expect, it } from 'vitest';
import {
  badGateway,
  gatewayAnswer,
  hangUp,
  notJson,
  testGateways,
} from '@/testing/cloud/tencent/test-gateway';
import { createTencentCloud } from '../cloud';

const { startGateway, connectionTo, close } = testGateways();
afterEach(close);

const address = { region: 'ap-jakarta', namespace: 'default', name: 'sale', qualifier: '1' };
const result = {
  RetMsg: '"Hello"',
  ErrMsg: '',
  Log: '',
  InvokeResult: 0,
  Duration: 12.5,
  BillDuration: 100,
  MemUsage: 1024,
  FunctionRequestId: 'r-f',
};
const good = gatewayAnswer({ Result: result, RequestId: 'r-1' });
const refusal = (code: string) => gatewayAnswer({ Error: { Code: code, Message: 'no' }, RequestId: 'r-9' });

function callAt(endpoint: string) {
  const lines: string[] = [];
  const note = (fields: object) => lines.push(JSON.stringify(fields));
  const log = { debug: note, info: note, warn: note };
  const deps = { now: () => new Date(), log, sleep: async () => {}, random: () => 0 };
  return { called: createTencentCloud(connectionTo(endpoint), deps).invoke(address, {}), lines };
}

describe('a call of a function', () => {
  it('is reported with response, duration and billed duration, and its response is not logged', async () => {
    const gateway = await startGateway(good);
    const { called, lines } = callAt(gateway.endpoint);
    expect(await called).toEqual({
      requestId: 'r-f',
      returned: '"Hello"',
      error: '',
      durationMs: 12.5,
      billedMs: 100,
      memoryBytes: 1024,
    });
    expect(lines.join()).not.toContain('Hello');
  });

  it('is sent again if the cloud reported that it did not start', async () => {
    const gateway = await startGateway(refusal('RequestLimitExceeded'), good);
    await expect(callAt(gateway.endpoint).called).resolves.toMatchObject({ requestId: 'r-f' });
    expect(gateway.requests()).toBe(2);
  });

  it.each([
    ['a lost reply', hangUp, 'Network.Closed'],
    ['a bad gateway', badGateway, 'Http.502'],
    ['an answer that is not JSON', notJson, 'Network.BrokenAnswer'],
    ['an internal error', refusal('InternalError'), 'InternalError'],
    ['an answer without a result', gatewayAnswer({ RequestId: 'r-1' }), 'Answer.Unexpected'],
  ])('is sent once if it is unknown whether it ran: %s', async (_what, behaviour, code) => {
    const gateway = await startGateway(behaviour, good);
    await expect(callAt(gateway.endpoint).called).rejects.toMatchObject({
      data: { code, action: 'InvokeFunction', mayHaveHappened: true },
    });
    expect(gateway.requests()).toBe(1);
  });

  it('that is refused keeps code, message and request id, and is not sent again', async () => {
    const gateway = await startGateway(refusal('UnauthorizedOperation'));
    await expect(callAt(gateway.endpoint).called).rejects.toMatchObject({
      data: { code: 'UnauthorizedOperation', message: 'no', requestId: 'r-9', mayHaveHappened: false },
    });
    expect(gateway.requests()).toBe(1);
  });
});
