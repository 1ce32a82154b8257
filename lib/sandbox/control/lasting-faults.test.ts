import { afterAll, expect, test } from 'vitest';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { startTestSandbox } from '@/testing/sandbox/test-sandbox';

const started = await startTestSandbox({ vipNetwork: '127.108.0.0/16' });
afterAll(() => started.sandbox.stop());

test('refuses what the load balancer sends to a server that is down, until the fault is cleared', async () => {
  const { portOffset } = started.sandbox.announcement;
  const status = async () =>
    (await requestPage({ host: '127.108.1.3', port: 80 + portOffset }, { host: 'old.example.net' })).status;
  expect(await status()).toBe(200);
  const { id } = await started.control('POST', '/faults', {
    kind: 'instanceDown',
    instanceId: 'ins-old00001',
  });
  expect(await status()).toBe(502);
  expect(await started.control('GET', '/faults')).toMatchObject({
    faults: [
      {
        id,
        hits: 1,
        lastHits: [{ action: 'HTTP request', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
      },
    ],
  });
  await started.control('DELETE', `/faults/${id}`);
  expect(await status()).toBe(200);
});

test('keeps using cached answers in a resolver that ignores TTLs, until the fault is cleared', async () => {
  const { resolver } = started.sandbox.announcement;
  const { dnspod } = started.clients();
  const addresses = () => started.resolve(resolver, 'shop.example.com');
  expect(await addresses()).toEqual(['127.108.1.1']);
  const { id } = await started.control('POST', '/faults', { kind: 'resolverIgnoresTtl', seconds: 3600 });
  const record = { Domain: 'example.com', RecordId: 500_000_001 };
  await dnspod.ModifyRecordFields({ ...record, FieldList: [{ Key: 'value', Value: '127.108.1.2' }] });
  started.clock.advance(3_599_000);
  expect(await addresses()).toEqual(['127.108.1.1']);
  expect(await started.control('GET', '/faults')).toMatchObject({
    faults: [
      {
        id,
        hits: 1,
        lastHits: [{ action: 'DNS query', requestId: expect.stringContaining('shop.example.com') }],
      },
    ],
  });
  await started.control('DELETE', `/faults/${id}`);
  expect(await addresses()).toEqual(['127.108.1.2']);
});

test('reports the addresses of the data plane and the runtimes', async () => {
  const { addresses } = await started.control('GET', '/addresses');
  expect(JSON.stringify(addresses)).toContain('127.108.1.3');
  expect(await started.control('GET', '/summary')).toMatchObject({
    runtimes: { isolation: expect.any(String) },
  });
});
