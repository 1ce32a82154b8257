import { Resolver } from 'node:dns/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { TestClock } from '@/testing/sandbox/test-clock';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import { type Sandbox, startSandbox } from '../sandbox';

const clock = new TestClock();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    seed: 'small',
    vipNetwork: '127.108.0.0/16',
    taskMs: 1000,
    stateFile: null,
    log: pino({ level: 'silent' }),
    clock,
  });
});
afterAll(() => sandbox.stop());

async function callControl(method: string, path: string, body?: object) {
  const { control } = sandbox.announcement;
  const answer = await fetch(`${control?.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${control?.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const told = await answer.json();
  expect({ status: answer.status, told }).toMatchObject({ status: 200 });
  return told;
}

test('refuses what the load balancer sends to a server that is down, until the fault is cleared', async () => {
  const { portOffset } = sandbox.announcement;
  const status = async () =>
    (await requestPage({ host: '127.108.1.3', port: 80 + portOffset }, { host: 'old.example.net' })).status;
  expect(await status()).toBe(200);
  const { id } = await callControl('POST', '/faults', { kind: 'instanceDown', instanceId: 'ins-old00001' });
  expect(await status()).toBe(502);
  expect(await callControl('GET', '/faults')).toMatchObject({
    faults: [
      {
        id,
        hits: 1,
        lastHits: [{ action: 'HTTP request', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
      },
    ],
  });
  await callControl('DELETE', `/faults/${id}`);
  expect(await status()).toBe(200);
});

test('keeps using cached answers in a resolver that ignores TTLs, until the fault is cleared', async () => {
  const { api, secretId, secretKey, resolver: server } = sandbox.announcement;
  const { dnspod } = createTestClients(clientConfig(api, { secretId, secretKey }, ''));
  const resolver = new Resolver();
  resolver.setServers([server]);
  const addresses = () => resolver.resolve4('shop.example.com');
  expect(await addresses()).toEqual(['127.108.1.1']);
  const { id } = await callControl('POST', '/faults', { kind: 'resolverIgnoresTtl', seconds: 3600 });
  const record = { Domain: 'example.com', RecordId: 500_000_001 };
  await dnspod.ModifyRecordFields({ ...record, FieldList: [{ Key: 'value', Value: '127.108.1.2' }] });
  clock.advance(3_599_000);
  expect(await addresses()).toEqual(['127.108.1.1']);
  expect(await callControl('GET', '/faults')).toMatchObject({
    faults: [
      {
        id,
        hits: 1,
        lastHits: [{ action: 'DNS query', requestId: expect.stringContaining('shop.example.com') }],
      },
    ],
  });
  await callControl('DELETE', `/faults/${id}`);
  expect(await addresses()).toEqual(['127.108.1.2']);
});

test('reports the addresses of the data plane and the runtimes', async () => {
  const { addresses } = await callControl('GET', '/addresses');
  expect(JSON.stringify(addresses)).toContain('127.108.1.3');
  expect(await callControl('GET', '/summary')).toMatchObject({ runtimes: { isolation: expect.any(String) } });
});
