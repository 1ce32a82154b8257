import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { CloudConnection } from '../connection';
import { createCaller } from './caller';

/** What the sandbox never does, a network does: answers of a broken gateway, and connections that break. */
type Misbehaviour = (response: http.ServerResponse, request: http.IncomingMessage) => void;

const closers: Array<() => void> = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) close();
});

const answer =
  (body: object): Misbehaviour =>
  (response) =>
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ Response: body }));
const hangUp: Misbehaviour = (_response, request) => request.socket.destroy();
const badGateway: Misbehaviour = (response) => response.writeHead(502).end('<html>');
const notJson: Misbehaviour = (response) => response.end('<html>maintenance');

/** Serves one behaviour after the other, the last one for ever; counts requests. */
async function startGateway(...behaviours: readonly Misbehaviour[]) {
  let requests = 0;
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      const behaviour = behaviours[Math.min(requests, behaviours.length - 1)];
      requests += 1;
      behaviour?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, requests: () => requests };
}

function callerAt(endpoint: string) {
  const connection = CloudConnection.parse({
    id: 'test',
    name: 'Test',
    kind: 'tencent',
    endpoint,
    regions: ['ap-jakarta'],
    secretId: 'an-id',
    secretKey: 'a-very-secret-key',
    dns: null,
    portOffset: 0,
  });
  const lines: unknown[] = [];
  const note = (fields: object, message: string) => lines.push({ ...fields, message });
  const deps = { now: () => new Date(), log: { debug: note, warn: note }, sleep: async () => {} };
  return { caller: createCaller(connection, deps), log: () => JSON.stringify(lines) };
}

const readUin = { service: 'sts', action: 'GetCallerIdentity', region: 'ap-jakarta', params: null } as const;
const toUin = (seen: unknown) => z.object({ AccountId: z.string() }).parse(seen).AccountId;
const createRule = { service: 'clb', action: 'CreateRule', region: 'ap-jakarta', params: {} } as const;

describe('reads', () => {
  it('go on after broken connections, gateways and answers', async () => {
    const good = answer({ AccountId: '100', RequestId: 'r-1' });
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

  it('say which field of an answer is not as documented', async () => {
    const gateway = await startGateway(answer({ AccountId: 100, RequestId: 'r-1' }));
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.read(readUin, toUin)).rejects.toThrow(/Answer\.Unexpected.*AccountId/);
    expect(gateway.requests()).toBe(1);
  });

  it('count each call that is sent', async () => {
    const gateway = await startGateway(hangUp, answer({ AccountId: '100', RequestId: 'r-1' }));
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
      answer({ Error: { Code: 'InternalError', Message: 'oops' }, RequestId: 'r-9' }),
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

  it('may be sent again when nothing listens: they never left', async () => {
    const gateway = await startGateway(hangUp);
    for (const close of closers.splice(0)) close();
    const { caller } = callerAt(gateway.endpoint);
    await expect(caller.write(createRule, () => null)).rejects.toMatchObject({
      data: { code: 'Network.ECONNREFUSED', mayHaveHappened: false, advice: 'retry' },
    });
  });
});

it('never takes the way of http_proxy', async () => {
  const proxy = await startGateway(badGateway);
  vi.stubEnv('http_proxy', proxy.endpoint);
  vi.stubEnv('https_proxy', proxy.endpoint);
  const gateway = await startGateway(answer({ AccountId: '100', RequestId: 'r-1' }));
  const { caller } = callerAt(gateway.endpoint);
  await caller.read(readUin, toUin);
  await caller.write(createRule, () => null);
  expect([proxy.requests(), gateway.requests()]).toEqual([0, 2]);
});

it('logs calls with their request id, and never a key', async () => {
  const refusal = { Code: 'AuthFailure.SignatureFailure', Message: 'not signed with a-very-secret-key' };
  const gateway = await startGateway(
    answer({ AccountId: '100', RequestId: 'r-1' }),
    answer({ Error: refusal, RequestId: 'r-2' }),
  );
  const { caller, log } = callerAt(gateway.endpoint);
  await caller.read(readUin, toUin);
  await expect(caller.read(readUin, toUin)).rejects.toThrow('[hidden]');
  expect(log()).toContain('r-1');
  expect(log()).toContain('r-2');
  expect(log()).not.toContain('a-very-secret-key');
});
