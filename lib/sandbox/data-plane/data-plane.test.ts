import { once } from 'node:events';
import { createServer } from 'node:http';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from '@/testing/sandbox/data-plane/test-plane';
import {
  requestPage,
  worldCustomConfig,
  worldFunction,
  worldInstance,
  worldListener,
  worldRule,
  zipTestFiles,
} from '@/testing/sandbox/data-plane/test-world';
import { createInvoker } from '../functions/invoker';
import { createFunctionRuntime, type FunctionRuntime } from '../functions/runtime';
import { createTelemetry } from '../telemetry/telemetry';
import type { WorldRule } from '../world/clb';
import { SwitchableClock } from '../world/clock';
import { pickSettings } from '../world/scf';
import type { InstanceAnswer } from './target-servers';

const log = pino({ level: 'silent' });
const VIP = '127.82.1.1';
const json = { accept: 'application/json' };

const helloClb = `# -*- coding: utf8 -*-
import json
def main_handler(event, context):
    return {
        "isBase64Encoded": False,
        "statusCode": 200,
        "headers": {"Content-Type": "text/html"},
        "body": "<html><body><h1>Hello CLB</h1></body></html>"
    }
`;

let functions: FunctionRuntime;
beforeAll(() => {
  functions = createFunctionRuntime({ log });
});
afterAll(() => functions.stop());

describe('the data plane', () => {
  let test: TestPlane;
  let rules: WorldRule[];

  beforeEach(async () => {
    const target = (instanceId: string, weight: number) => ({
      instanceId,
      port: 8080,
      weight,
      registeredAt: 0,
    });
    rules = [
      worldRule({
        id: 'loc-shop',
        isDefault: true,
        targets: [target('ins-a', 10), target('ins-b', 20), target('ins-c', 0)],
      }),
    ];
    const parts = {
      instances: {
        'ins-a': worldInstance({ id: 'ins-a', privateIp: '127.82.9.1' }),
        'ins-b': worldInstance({ id: 'ins-b', privateIp: '127.82.9.2' }),
        'ins-c': worldInstance({ id: 'ins-c', privateIp: '127.82.9.3' }),
      },
      functions: {
        'ap-singapore/default/sale': worldFunction({
          name: 'sale',
          zip: zipTestFiles({ 'index.py': helloClb }),
        }),
      },
    };
    const clock = new SwitchableClock();
    const invoker = createInvoker({ runtime: functions, telemetry: createTelemetry(), clock });
    test = await startTestPlane('127.82.1', [worldListener({ id: 'lbl-1', rules })], parts, { invoker });
  });
  afterEach(() => test.stop());

  const get = (path = '/', host = 'shop.example', headers: Record<string, string> = json) =>
    test.get({ host, path, headers });
  const account = () => test.account;
  const balancer = () => account().loadBalancers['lb-1'] ?? expect.fail('the world has no lb-1');
  const rule = () => rules[0] ?? expect.fail('the listener has no rule');

  it('shares requests by weight among the targets, none at weight 0', async () => {
    const seen = new Map<string, number>();
    for (let n = 0; n < 30; n += 1) {
      const { instanceId } = JSON.parse((await get()).body) as InstanceAnswer;
      seen.set(instanceId, (seen.get(instanceId) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({ 'ins-a': 10, 'ins-b': 20 });
  });

  it('forwards to the addresses of a server that are bound, each by its weight', async () => {
    const server = account().instances['ins-a'] ?? expect.fail('no ins-a');
    server.interfaces = [{ id: 'eni-a', privateIps: ['127.82.9.11', '127.82.9.12'] }];
    const at = (eniIp: string, weight: number) => ({
      instanceId: 'ins-a',
      eniIp,
      port: 8080,
      weight,
      registeredAt: 0,
    });
    rule().targets = [at('127.82.9.11', 10), at('127.82.9.12', 20)];
    await test.changed();
    const seen = new Map<string, number>();
    for (let n = 0; n < 30; n += 1) {
      const { address, instanceId } = JSON.parse((await get()).body) as InstanceAnswer;
      expect(instanceId).toBe('ins-a');
      seen.set(address, (seen.get(address) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({ '127.82.9.11': 10, '127.82.9.12': 20 });
    server.state = 'STOPPED';
    await test.changed();
    expect((await get()).status).toBe(502);
  });

  it('keeps the Host and the path, and forwards the client address to the target', async () => {
    const answer = await get('/a%20b?c=1', 'shop.example', {
      ...json,
      'X-Real-IP': '9.9.9.9',
      'X-Forwarded-For': '1.2.3.4',
    });
    const { host, path, headers } = JSON.parse(answer.body) as InstanceAnswer;
    expect({ host, path }).toEqual({ host: 'shop.example', path: '/a%20b?c=1' });
    expect(headers).toMatchObject({
      'x-real-ip': expect.stringMatching(/^127\./),
      'x-forwarded-for': expect.stringMatching(/^1\.2\.3\.4, 127\./),
      'x-forwarded-proto': 'http',
      'x-client-proto': 'http',
      'x-client-proto-ver': 'HTTP/1.1',
      'x-stgw-time': expect.stringMatching(/^\d+\.\d{3}$/),
    });
  });

  it('streams a large body to the target', async () => {
    const answer = await requestPage(test.plane.address(VIP, 80), {
      host: 'shop.example',
      method: 'POST',
      headers: json,
      body: Buffer.alloc(20_000_000),
    });
    expect(JSON.parse(answer.body)).toMatchObject({ method: 'POST', bodyBytes: 20_000_000 });
  });

  it('responds 502 for a stopped instance, 503 without a backend, 404 without a rule', async () => {
    rule().targets = [{ instanceId: 'ins-a', port: 8080, weight: 10, registeredAt: 0 }];
    expect((await get()).status).toBe(200);
    const instance = account().instances['ins-a'] ?? expect.fail('no ins-a');
    instance.state = 'STOPPED';
    await test.changed();
    expect((await get()).status).toBe(502);
    rule().targets = [];
    await test.changed();
    expect((await get()).status).toBe(503);
    rule().url = '/only';
    await test.changed();
    expect((await get('/else')).status).toBe(404);
  });

  it('redirects /abc to /abc/ with its query', async () => {
    rule().url = '/abc/';
    await test.changed();
    const answer = await get('/abc?x=1');
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe('/abc/?x=1');
  });

  it('follows the sandbox data: opens and closes ports, keeps the others', async () => {
    const second = worldListener({ id: 'lbl-2', port: 8088, rules });
    balancer().listeners.push(second, worldListener({ id: 'lbl-3', port: 8443, protocol: 'TCP' }));
    await test.changed();
    const host = 'shop.example';
    expect((await requestPage(test.plane.address(VIP, 8088), { host })).status).toBe(200);
    await expect(requestPage(test.plane.address(VIP, 8443), { host })).rejects.toThrow('ECONNREFUSED');
    balancer().listeners.splice(1, 1);
    await test.changed();
    await expect(requestPage(test.plane.address(VIP, 8088), { host })).rejects.toThrow('ECONNREFUSED');
    expect((await get()).status).toBe(200);
  });

  it('does not serve IPv6FullChain, isolated, blocked or stopped instances; serves NAT64 and classic ones', async () => {
    const answers = async () => {
      await test.changed();
      return get().then(
        () => true,
        () => false,
      );
    };
    balancer().ipVersion = 'ipv6';
    balancer().ipv6Mode = 'IPv6FullChain';
    expect(await answers()).toBe(false);
    balancer().ipv6Mode = 'IPv6Nat64';
    expect(await answers()).toBe(true);
    balancer().forward = 0;
    expect(await answers()).toBe(true);
    balancer().isolated = true;
    expect(await answers()).toBe(false);
    balancer().isolated = false;
    balancer().blocked = true;
    expect(await answers()).toBe(false);
    balancer().blocked = false;
    balancer().stopped = true;
    expect(await answers()).toBe(false);
    balancer().stopped = false;
    const [first] = balancer().listeners;
    if (first !== undefined) first.stopped = true;
    expect(await answers()).toBe(false);
    if (first !== undefined) first.stopped = false;
    expect(await answers()).toBe(true);
  });

  it('tolerates a port in use, and opens it when it is free', async () => {
    const other = createServer().listen({ host: VIP, port: 8099 });
    await once(other, 'listening');
    balancer().listeners.push(worldListener({ id: 'lbl-9', port: 8099, rules }));
    await test.changed();
    expect((await get()).status).toBe(200);
    await new Promise((closed) => other.close(closed));
    await test.changed();
    expect((await requestPage(test.plane.address(VIP, 8099), { host: 'shop.example' })).status).toBe(200);
  });

  it("responds with the guide's function: Hello CLB", async () => {
    rule().targets = [];
    rule().functions = [
      { namespace: 'default', name: 'sale', qualifier: '$DEFAULT', qualifierType: 'ALIAS', weight: 10 },
    ];
    await test.changed();
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html');
    expect(answer.body).toBe('<html><body><h1>Hello CLB</h1></body></html>');
  });

  describe('with a function', () => {
    const readAnswer = async (
      source: string,
      qualifier = '$LATEST',
      request: Partial<Parameters<typeof requestPage>[1]> = {},
    ) => {
      const zip = zipTestFiles({ 'index.py': `def main_handler(event, context):\n    return ${source}` });
      const sale = account().functions['ap-singapore/default/sale'] ?? expect.fail('no function');
      sale.zip = zip;
      rule().targets = [];
      rule().functions = [
        { namespace: 'default', name: 'sale', qualifier, qualifierType: 'VERSION', weight: 10 },
      ];
      await test.changed();
      return test.get(request);
    };
    const echo = '{"statusCode": 200, "body": __import__("json").dumps(event)}';

    it('passes the documented event', async () => {
      const answer = await readAnswer(echo, '$LATEST', {
        method: 'POST',
        path: '/buy?x=1',
        headers: { 'Content-Type': 'application/json', 'User-Agent': 'test' },
        body: '{"key":"value"}',
      });
      expect(JSON.parse(answer.body)).toEqual({
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'test',
          Host: 'shop.example',
          'Content-Length': '15',
          'X-Stgw-Time': expect.any(String),
          'X-Client-Proto': 'http',
          'X-Forwarded-Proto': 'http',
          'X-Client-Proto-Ver': 'HTTP/1.1',
          'X-Real-IP': expect.any(String),
          'X-Forwarded-For': expect.any(String),
        },
        payload: { key: 'value' },
      });
    });

    it('reports the payload encoding if that setting is on, and method and path if configured', async () => {
      test.assumptions.set('event.isBase64Encoded', 'present');
      account().customConfigs['pz-1'] = worldCustomConfig(
        'proxy_set_header X-Method $request_method; proxy_set_header X-Uri $uri;',
      );
      const answer = await readAnswer(echo, '$LATEST', { path: '/buy?x=1' });
      expect(JSON.parse(answer.body)).toMatchObject({
        headers: { 'X-Method': 'GET', 'X-Uri': '/buy' },
        isBase64Encoded: 'false',
      });
    });

    it('responds 504 when the function exceeds the load balancer’s timeout', async () => {
      const slow = '__import__("time").sleep(30)';
      rule().targets = [];
      rule().functions = [];
      const { loadBalancers, functions: code } = account();
      await test.stop();
      const clock = new SwitchableClock();
      const invoker = createInvoker({ runtime: functions, telemetry: createTelemetry(), clock });
      const listeners = loadBalancers['lb-1']?.listeners ?? expect.fail('no lb-1');
      test = await startTestPlane('127.82.1', listeners, { functions: code }, { invoker, readTimeoutMs: 1 });
      expect((await readAnswer(slow)).status).toBe(504);
      expect(test.samples).toMatchObject([
        {
          backend: { kind: 'function', namespace: 'default', name: 'sale', qualifier: '$LATEST' },
          status: 504,
          madeByLoadBalancer: true,
        },
      ]);
    });

    it('fails as the assumptions say', async () => {
      test.assumptions.set('http.malformedAnswer', 502);
      expect((await readAnswer('"Hello"')).status).toBe(502);
      test.assumptions.set('function.failureStatus', '500');
      const answer = await readAnswer('1 / 0');
      expect(answer.status).toBe(500);
      expect(JSON.parse(answer.body)).toMatchObject({ statusCode: 430 });
      expect(test.samples.map(({ madeByLoadBalancer }) => madeByLoadBalancer)).toEqual([true, false]);
    });

    it('responds to a malformed result with the documented body', async () => {
      expect(await readAnswer('"Hello"')).toMatchObject({
        status: 403,
        body: '{"errno":403,"error":"Analyse scf response failed."}',
      });
    });

    it.each([
      ['430 for an exception', '1 / 0', '$LATEST', 430, 'ZeroDivisionError'],
      ['439 for an exit', '__import__("os")._exit(1)', '$LATEST', 439, 'exit'],
      ['442 for an unknown version', '1', '7', 442, 'Qualifier 7'],
    ])('passes on %s', async (_what, source, qualifier, status, message) => {
      const answer = await readAnswer(source, qualifier);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({
        statusCode: status,
        errorMessage: expect.stringContaining(message),
      });
    });

    it('refuses a request of more than 6 MB with 406, and a deleted function with 435', async () => {
      const body = Buffer.alloc(7_000_000);
      expect((await readAnswer(echo, '$LATEST', { method: 'POST', body })).status).toBe(406);
      rule().functions = [
        { namespace: 'default', name: 'gone', qualifier: '$LATEST', qualifierType: 'VERSION', weight: 10 },
      ];
      await test.changed();
      expect((await get()).status).toBe(435);
    });

    it('runs a published version, not the newer code', async () => {
      const sale = account().functions['ap-singapore/default/sale'] ?? expect.fail('no function');
      const zip = zipTestFiles({ 'index.py': helloClb });
      sale.versions.push({ ...pickSettings(sale), version: '1', description: '', createdAt: 0, zip });
      expect((await readAnswer('{"statusCode": 200, "body": "new"}', '1')).body).toContain('Hello CLB');
      expect((await readAnswer('{"statusCode": 200, "body": "new"}', '$DEFAULT')).body).toBe('new');
    });
  });
});
