import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { CloudCall } from '@/lib/cloud/deps';
import { isStorableText } from '@/lib/input/outside-text';
import {
  badGateway,
  gatewayAnswer,
  hangUp,
  notJson,
  testGateways,
} from '@/testing/cloud/tencent/test-gateway';
import { createCaller } from './caller';

const { startGateway, connectionTo, close } = testGateways();
afterEach(() => {
  vi.unstubAllEnvs();
  close();
});

function callerAt(endpoint: string) {
  const lines: unknown[] = [];
  const calls: CloudCall[] = [];
  const note = (fields: object, message: string) => lines.push({ ...fields, message });
  const deps = {
    now: () => new Date(),
    log: { debug: note, info: note, warn: note },
    sleep: async () => {},
    onCall: (call: CloudCall) => calls.push(call),
  };
  return {
    caller: createCaller(connectionTo(endpoint), deps),
    lines,
    calls,
    log: () => JSON.stringify(lines),
  };
}

const readUin = { service: 'sts', action: 'GetCallerIdentity', region: 'ap-jakarta', params: null } as const;
const toUin = (seen: unknown) => z.object({ AccountId: z.string() }).parse(seen).AccountId;
const createRule = { service: 'clb', action: 'CreateRule', region: 'ap-jakarta', params: {} } as const;

describe('reads', () => {
  it('continue after broken connections, gateways and responses', async () => {
    const good = gatewayAnswer({ AccountId: '100', RequestId: 'r-1' });
    const gateway = await startGateway(hangUp, badGateway, notJson, good);
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.read(readUin, toUin)).resolves.toBe('100');
    expect(gateway.requests()).toBe(4);
  });

  it('end after five attempts', async () => {
    const gateway = await startGateway(badGateway);
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.read(readUin, toUin)).rejects.toMatchObject({
      data: { code: 'Http.502', advice: 'retry', mayHaveHappened: false },
    });
    expect(gateway.requests()).toBe(5);
  });

  it('report the field of a response that differs from the documentation', async () => {
    const gateway = await startGateway(gatewayAnswer({ AccountId: 100, RequestId: 'r-1' }));
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.read(readUin, toUin)).rejects.toThrow(/Answer\.Unexpected.*AccountId/);
    expect(gateway.requests()).toBe(1);
  });

  it('count each call that is sent', async () => {
    const gateway = await startGateway(hangUp, gatewayAnswer({ AccountId: '100', RequestId: 'r-1' }));
    const { caller } = callerAt(gateway.endpoint);
    let calls = 0;
    const reader = caller.counting(() => {
      calls += 1;
    });
    await reader.read(readUin, toUin);
    expect(calls).toBe(2);
  });
});

describe('writes', () => {
  it.each([
    ['a lost reply', hangUp, 'Network.Closed'],
    ['a bad gateway', badGateway, 'Http.502'],
    ['an answer that is not JSON', notJson, 'Network.BrokenAnswer'],
    [
      'an internal error',
      gatewayAnswer({ Error: { Code: 'InternalError', Message: 'oops' }, RequestId: 'r-9' }),
      'InternalError',
    ],
  ])('are sent once, and read back after %s', async (_name, behaviour, code) => {
    const gateway = await startGateway(behaviour);
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.write(createRule, () => null)).rejects.toMatchObject({
      data: { code, action: 'CreateRule', mayHaveHappened: true, advice: 'readBack' },
    });
    expect(gateway.requests()).toBe(1);
  });

  it('are checked again right before they are sent, after waiting for the rate limit, and can be stopped then', async () => {
    const gateway = await startGateway(gatewayAnswer({ RequestId: 'r-1' }));
    const events: string[] = [];
    let ms = 0;
    const caller = createCaller(connectionTo(gateway.endpoint), {
      // Time advances only through pauses: the second call has to wait for the first one's interval.
      now: () => new Date(ms),
      sleep: async (pause) => {
        events.push('waited');
        ms += pause;
      },
      log: { debug: () => {}, info: () => {}, warn: () => {} },
    });
    await caller.write(
      createRule,
      () => null,
      async () => void events.push('asked first'),
    );
    const stopped = caller.write(
      createRule,
      () => null,
      async () => {
        events.push('asked second');
        throw new Error('someone else took over');
      },
    );
    await expect(stopped).rejects.toThrow('someone else took over');
    expect(events).toEqual(['asked first', 'waited', 'asked second']);
    expect(gateway.requests()).toBe(1);
  });

  it('may be sent again if the connection was refused', async () => {
    const gateway = await startGateway(hangUp);
    close();
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.write(createRule, () => null)).rejects.toMatchObject({
      data: { code: 'Network.ECONNREFUSED', mayHaveHappened: false, advice: 'retry' },
    });
  });
});

it('never uses http_proxy', async () => {
  const proxy = await startGateway(badGateway);
  vi.stubEnv('http_proxy', proxy.endpoint);
  vi.stubEnv('https_proxy', proxy.endpoint);
  const gateway = await startGateway(gatewayAnswer({ AccountId: '100', RequestId: 'r-1' }));
  const { caller } = callerAt(gateway.endpoint);
  await caller.read(readUin, toUin);
  await caller.write(createRule, () => null);
  expect([proxy.requests(), gateway.requests()]).toEqual([0, 2]);
});

it('logs calls with their request id, and never a key', async () => {
  const refusal = { Code: 'AuthFailure.SignatureFailure', Message: 'not signed with a-very-secret-key' };
  const gateway = await startGateway(
    gatewayAnswer({ AccountId: '100', RequestId: 'r-1' }),
    gatewayAnswer({ Error: refusal, RequestId: 'r-2' }),
  );
  const { caller, log, lines, calls } = callerAt(gateway.endpoint);
  await caller.read(readUin, toUin);
  await expect(caller.read(readUin, toUin)).rejects.toThrow('[hidden]');
  const call = { service: 'sts', action: 'GetCallerIdentity', region: 'ap-jakarta' };
  const told = [
    { ...call, requestId: 'r-1', code: null, durationMs: expect.any(Number) },
    { ...call, requestId: 'r-2', code: 'AuthFailure.SignatureFailure', durationMs: expect.any(Number) },
  ];
  expect(calls).toEqual(told);
  expect(lines).toMatchObject(told);
  expect(log()).not.toContain('a-very-secret-key');
});

describe('text that PostgreSQL can’t store', () => {
  const odd = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  });
  const outside = fc.oneof(odd, fc.constantFrom('\0', '\ud800', 'a\0b\udfff'));

  it('property: is replaced in every response, whatever the cloud returns', async () => {
    let name = '';
    const gateway = await startGateway((response, request) =>
      gatewayAnswer({ RequestId: 'r-1', AccountId: name, [name]: [{ Name: name }] })(response, request),
    );
    const { caller } = callerAt(gateway.endpoint);
    await fc.assert(
      fc.asyncProperty(outside, async (text) => {
        name = text;
        const got = await caller.read(readUin, (seen) => seen as object);
        const texts = JSON.stringify(got);
        expect(Object.keys(got).every(isStorableText)).toBe(true);
        expect(texts).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
        expect(got).toMatchObject({ AccountId: text.toWellFormed().replaceAll('\0', '\uFFFD') });
      }),
      { numRuns: 50 },
    );
  });

  it('is replaced in error messages from the cloud', async () => {
    const refused = { Code: 'FailedOperation', Message: 'the name "a\0b\ud800" is taken' };
    const gateway = await startGateway(gatewayAnswer({ RequestId: 'r-1', Error: refused }));
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.write(createRule, (seen) => seen)).rejects.toMatchObject({
      data: { message: expect.stringContaining('the name "a\uFFFDb\uFFFD" is taken') },
    });
  });
});
