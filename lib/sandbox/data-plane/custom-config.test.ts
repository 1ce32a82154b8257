import { afterAll, beforeEach, expect, it } from 'vitest';
import { firstRule, startTestPlane } from '@/testing/sandbox/data-plane/test-plane';
import {
  worldCustomConfig,
  worldInstance,
  worldListener,
  worldRule,
} from '@/testing/sandbox/data-plane/test-world';

const network = '127.105.4';
const targets = [{ instanceId: 'ins-a', port: 8080, weight: 10, registeredAt: 0 }];
const rules = [worldRule({ id: 'loc-1', isDefault: true, targets })];
const instances = { 'ins-a': worldInstance({ id: 'ins-a', privateIp: `${network}.101` }) };
const test = await startTestPlane(network, [worldListener({ id: 'lbl-1', rules })], { instances });
afterAll(() => test.stop());
beforeEach(() => {
  test.account.customConfigs = {};
});

async function configure(content: string): Promise<void> {
  test.account.customConfigs['pz-1'] = worldCustomConfig(content);
  await test.changed();
}

it('sends the headers that a configuration sets, which a client cannot override', async () => {
  await configure(
    [
      'proxy_set_header X-Method $request_method;',
      'proxy_set_header X-Uri $uri;',
      'proxy_set_header X-Args $args;',
      'proxy_set_header X-Real-Port $remote_port;',
      'proxy_set_header X-clb-stgw-vip $server_addr;',
      'proxy_set_header X-clb-lbid $lbid;',
      'proxy_set_header Stgw-request-id $stgw_request_id;',
      'proxy_set_header X-Forwarded-Port $vport;',
      'proxy_set_header X-Stage test;',
    ].join('\n'),
  );
  const { headers } = await test.getInstance({
    method: 'PUT',
    path: '/a%20b?c=1&d',
    headers: { 'x-method': 'GET', 'X-Stage': 'live' },
  });
  expect(headers).toMatchObject({
    'x-method': 'PUT',
    'x-uri': '/a%20b',
    'x-args': 'c=1&d',
    'x-clb-lbid': 'lb-1',
    'x-stage': 'test',
    'x-clb-stgw-vip': test.vip,
    'x-forwarded-port': '80',
    'x-real-port': expect.stringMatching(/^\d+$/),
    'stgw-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

it('adds and replaces response headers', async () => {
  await configure('add_header X-Extra one; more_set_headers "X-Instance-Id: hidden";');
  const { headers } = await test.get();
  expect(headers).toMatchObject({ 'x-extra': 'one', 'x-instance-id': 'hidden' });
});

it('redirects clients to its own page for an error of the load balancer', async () => {
  const { targets } = firstRule(test);
  firstRule(test).targets = [];
  await configure('error_page 503 /sorry; error_page 413 =400 /large;');
  const answer = await test.get();
  expect([answer.status, answer.headers.location]).toEqual([302, '/sorry']);
  firstRule(test).targets = targets;
  await test.changed();
});

it('keeps connections alive for the configured number of requests, or for none', async () => {
  const connection = async () =>
    (await test.get({ headers: { Connection: 'keep-alive' } })).headers.connection;
  await configure('keepalive_timeout 30s;');
  expect(await connection()).toBe('keep-alive');
  await configure('keepalive_timeout 0;');
  expect(await connection()).toBe('close');
  await configure('keepalive_requests 1;');
  expect(await connection()).toBe('close');
});

it('of a rule takes precedence over that of the load balancer', async () => {
  await configure('proxy_set_header X-From clb; client_max_body_size 1M;');
  test.account.customConfigs['pz-2'] = {
    ...(test.account.customConfigs['pz-1'] ?? expect.fail('no pz-1')),
    id: 'pz-2',
    kind: 'LOCATION',
    content: 'proxy_set_header X-From rule;',
    bindings: [{ loadBalancerId: 'lb-1', listenerId: 'lbl-1', domain: null, ruleId: firstRule(test).id }],
  };
  await test.changed();
  expect((await test.getInstance()).headers).toMatchObject({ 'x-from': 'rule' });
  expect((await test.get({ method: 'POST', body: Buffer.alloc(2_000_000) })).status).toBe(413);
});
