import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type ClbEvent, clbEvent } from '@/lib/function-contract/clb-event';
import { readFunctionAnswer } from '@/lib/function-contract/function-answer';
import { startTestPlane } from '@/testing/sandbox/data-plane/test-plane';
import { worldCustomConfig, worldListener, worldRule } from '@/testing/sandbox/data-plane/test-world';
import type { Invoker } from '../world/invoker';

/* A test invocation acts like a load balancer: the same event, and the same verdict on the response. */

/** The response to the next call, and the event of the last one. */
let answer: unknown;
let event: unknown;
const invoker: Invoker = {
  invoke: async (call) => {
    event = call.event;
    return {
      result: { kind: 'answer', value: answer, json: JSON.stringify(answer) },
      coldStart: false,
      durationMs: 1,
      memoryMb: 10,
      log: '',
      status: 200,
      errorMessage: '',
      version: '$LATEST',
    };
  },
  runtimeProblem: async () => null,
};
const sale = { namespace: 'default', name: 'sale', qualifier: '$LATEST', weight: 10 };
const rules = [worldRule({ id: 'loc-1', functions: [{ ...sale, qualifierType: 'VERSION' }] })];
const plane = await startTestPlane('127.190.1', [worldListener({ id: 'lbl-1', rules })], {}, { invoker });
afterAll(() => plane.stop());

const arbitraryField = (right: fc.Arbitrary<unknown>) =>
  fc.option(fc.oneof({ weight: 4, arbitrary: right }, fc.jsonValue({ maxDepth: 1 })), { nil: undefined });
const shaped = fc
  .record({
    isBase64Encoded: arbitraryField(fc.boolean()),
    statusCode: arbitraryField(
      fc.oneof(fc.integer({ min: 199, max: 600 }), fc.constantFrom('200', '404', '20')),
    ),
    headers: arbitraryField(
      fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 4 })),
    ),
    body: arbitraryField(fc.constantFrom('', 'AP8=', 'hé', '%%%')),
  })
  // As in JSON: fields without a value are omitted.
  .map((fields): unknown => JSON.parse(JSON.stringify(fields)));

test('the load balancer serves exactly the responses that the contract check accepts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: shaped }, fc.jsonValue()), async (value) => {
      answer = value;
      const served = await plane.get();
      const read = readFunctionAnswer(value);
      const refused = '{"errno":403,"error":"Analyse scf response failed."}';
      expect(served.body === refused).toBe(!read.ok);
      expect(served.status).toBe(read.ok ? read.value.statusCode : 403);
    }),
  );
});

test.each([false, true])(
  'a test invocation has the event that the load balancer creates for a GET',
  async (configured) => {
    answer = { statusCode: 200 };
    plane.account.customConfigs = {};
    if (configured) {
      plane.account.customConfigs['pz-1'] = worldCustomConfig(
        'proxy_set_header X-Method $request_method; proxy_set_header X-Uri $uri;',
      );
    }
    await plane.changed();
    await plane.get({ path: '/buy?x=1', headers: { 'User-Agent': 'test', Accept: '*/*' } });
    const sent = event as ClbEvent;
    const made = clbEvent({
      protocol: 'HTTP',
      host: 'shop.example',
      path: '/buy?x=1',
      userAgent: 'test',
      ip: sent.headers['X-Real-IP'] ?? '',
      at: new Date(plane.time.now),
      addsMethod: configured,
      addsUri: configured,
    });
    expect(sent).toEqual(made);
  },
);

test.each([
  ['application/json', '{"item": 12}'],
  ['application/json', '{"item": '],
  ['text/plain', 'zwölf'],
] as const)('a test invocation has the event of a POST with a body of %s: %s', async (contentType, text) => {
  answer = { statusCode: 200 };
  plane.account.customConfigs = {};
  await plane.changed();
  const length = String(Buffer.byteLength(text));
  const headers = {
    'User-Agent': 'test',
    Accept: '*/*',
    'Content-Type': contentType,
    'Content-Length': length,
  };
  await plane.get({ method: 'POST', path: '/buy', headers, body: text });
  const sent = event as ClbEvent;
  const made = clbEvent({
    protocol: 'HTTP',
    method: 'POST',
    host: 'shop.example',
    path: '/buy',
    body: { contentType, text },
    userAgent: 'test',
    ip: sent.headers['X-Real-IP'] ?? '',
    at: new Date(plane.time.now),
    addsMethod: false,
    addsUri: false,
  });
  expect(sent).toEqual(made);
});
