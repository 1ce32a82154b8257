import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient } from './client';
import { exitCodes } from './exit-codes';

let server: Server | undefined;
afterEach(() => server?.close());

/** Starts a server that answers one request after the other, and a client of it. */
async function start(...answers: readonly RequestListener[]) {
  const seen: IncomingMessage[] = [];
  const waits: number[] = [];
  const started = createServer((request, response) => {
    seen.push(request);
    answers[seen.length - 1]?.(request, response);
  }).listen(0, '127.0.0.1');
  server = started;
  await once(started, 'listening');
  const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  const client = createClient({ url, token: 'spw_test' }, async (ms) => {
    waits.push(ms);
  });
  return { client, seen, waits };
}

const answer =
  (status: number, body: object, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(JSON.stringify(body));
const done = answer(200, { planId: 'P-0001' });
const Answer = z.object({ planId: z.string() });
const create = { method: 'POST', body: { a: 1 } } as const;

it('repeats a change with its key after a broken connection, and while its first attempt is going on', async () => {
  const { client, seen, waits } = await start(
    (request) => request.socket.destroy(),
    answer(409, { status: 409, detail: 'In use.' }, { 'retry-after': '1' }),
    answer(503, { status: 503, detail: 'Away.' }),
    done,
  );
  expect(await client.read('/plans', Answer, create)).toEqual({ planId: 'P-0001' });
  const keys = seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(4);
  expect(new Set(keys).size).toBe(1);
  expect(waits[1]).toBe(1000);
});

it('gives each change a key of its own', async () => {
  const { client, seen } = await start(done, done);
  await client.read('/plans', Answer, create);
  await client.read('/plans', Answer, create);
  expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
});

it.each([
  ['a conflict', 409, exitCodes.refused],
  ['a missing right', 403, exitCodes.forbidden],
  ['an invalid field', 422, exitCodes.invalid],
  ['a failure', 500, exitCodes.failed],
])('does not repeat %s', async (_, status, exitCode) => {
  const { client, seen } = await start(answer(status, { status, detail: 'No.', fix: 'Stop.' }));
  await expect(client.read('/plans', Answer, create)).rejects.toMatchObject({
    exitCode,
    message: 'No.',
    fix: 'Stop.',
  });
  expect(seen).toHaveLength(1);
});

it('does not follow a redirect with its token', async () => {
  const redirect = answer(302, {}, { location: 'http://127.0.0.1:1/' });
  const { client, seen } = await start(redirect, redirect, redirect, redirect);
  await expect(client.readText('/plans/P-0001/export/json')).rejects.toMatchObject({
    exitCode: exitCodes.failed,
  });
  for (const { headers } of seen) expect(headers.authorization).toBe('Bearer spw_test');
});

it('says that an answer has another form', async () => {
  const { client } = await start(answer(200, { plan: 1 }));
  await expect(client.read('/plans', Answer)).rejects.toThrow(
    'Spillway answers /plans in another form: planId',
  );
});
