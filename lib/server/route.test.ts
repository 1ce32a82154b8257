import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { err, ok } from '@/lib/result';
import { importRoute } from './route';

const taken: string[] = [];
const route = importRoute(1000, async (text) => {
  taken.push(text);
  return text === '"odd"' ? err({ fields: { file: ['odd'] }, form: null }) : ok({ length: text.length });
});

/** Serves the route from a real server, as Next passes such a request to its handlers. */
const serve: RequestListener = async (message, response) => {
  const body = Readable.toWeb(message) as ReadableStream<Uint8Array>;
  const headers = message.headers as Record<string, string>;
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
  const answer = await route(new Request('http://localhost/', init));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
};
const server = createServer(serve).listen(0, '127.0.0.1');
afterEach(() => void taken.splice(0));

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
async function send(body: string | Uint8Array<ArrayBuffer>, type = 'application/json') {
  const response = await fetch(address(), { method: 'POST', body, headers: { 'content-type': type } });
  return [response.status, await response.json()];
}

it('passes on the text and responds with the result', async () => {
  expect(await send('{"名":1}')).toEqual([200, { length: 7 }]);
  expect(taken).toEqual(['{"名":1}']);
});

it('responds with 422 and the refused fields', async () => {
  expect(await send('"odd"')).toEqual([422, { fields: { file: ['odd'] }, form: null }]);
});

it.each([
  [
    'another type, which a form of another site could send',
    'x',
    'text/plain',
    415,
    { message: 'import.type' },
  ],
  ['no UTF-8', new Uint8Array([0xff, 0xfe]), 'application/json', 400, { message: 'import.notUtf8' }],
  [
    'too large, and says so',
    'x'.repeat(1001),
    'application/json',
    413,
    { message: 'import.tooLarge', values: { max: 1000 } },
  ],
])('refuses a body that is %s', async (_what, body, type, status, form) => {
  expect(await send(body, type)).toEqual([status, { fields: {}, form }]);
  expect(taken).toEqual([]);
});

it('responds to a body without a length as soon as it is too large, without reading the rest', async () => {
  const status = await new Promise((resolve, reject) => {
    const message = httpRequest(address(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    message.on('response', (response) => resolve(response.statusCode)).on('error', reject);
    // The request never ends: a response can only depend on what has arrived so far.
    message.write('x'.repeat(600));
    message.write('x'.repeat(600));
  });
  expect(status).toBe(413);
  expect(taken).toEqual([]);
});
