import { Resolver } from 'node:dns/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClock } from '@/testing/sandbox/test-clock';
import { clientConfig, createTestClients, type TestClients } from '@/testing/sandbox/test-cloud';
import { type Sandbox, startSandbox } from '../sandbox';

const clock = new TestClock();
let sandbox: Sandbox;
let dnspod: TestClients['dnspod'];
beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    seed: 'small',
    taskMs: 0,
    stateFile: null,
    vipNetwork: '127.106.0.0/16',
    log: pino({ level: 'silent' }),
    clock,
  });
  const { api, secretId, secretKey } = sandbox.announcement;
  dnspod = createTestClients(clientConfig(api, { secretId, secretKey }, '')).dnspod;
});
afterAll(() => sandbox.stop());

const zone = { Domain: 'example.com' };
const fresh = { ...zone, SubDomain: 'new', RecordType: 'A', RecordLine: 'Default', TTL: 60 };

/** Returns the answers of the name server and the resolver for a name. */
async function seen(name: string) {
  const { dns, resolver } = sandbox.announcement;
  return Promise.all(
    [dns, resolver].map(async (server) => {
      const client = new Resolver({ timeout: 2000, tries: 1 });
      client.setServers([server]);
      return (await client.resolve4(name)).toSorted().join(' ');
    }),
  );
}

function control(method: string, path: string, body?: object) {
  const { url = '', token = '' } = sandbox.announcement.control ?? {};
  return fetch(`${url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
}

test('the name server shows an API change at once; the resolver when its cache entry expires', async () => {
  const { RecordId: id = 0 } = await dnspod.CreateRecord({ ...fresh, Value: '127.106.3.1' });
  expect(await seen('new.example.com')).toEqual(['127.106.3.1', '127.106.3.1']);
  await dnspod.ModifyRecord({ ...fresh, RecordId: id, Value: '127.106.3.2' });
  expect(await seen('new.example.com')).toEqual(['127.106.3.2', '127.106.3.1']);
  clock.advance(60_000);
  expect(await seen('new.example.com')).toEqual(['127.106.3.2', '127.106.3.2']);

  await control('POST', '/faults', { kind: 'resolverIgnoresTtl', seconds: 3600 });
  await dnspod.ModifyRecord({ ...fresh, RecordId: id, Value: '127.106.3.3' });
  clock.advance(3_500_000);
  expect(await seen('new.example.com')).toEqual(['127.106.3.3', '127.106.3.2']);
  await control('DELETE', '/faults');
  expect(await seen('new.example.com')).toEqual(['127.106.3.3', '127.106.3.3']);
});

test('the name server omits a disabled record, and shows it again after a rollback', async () => {
  const pair = { ...fresh, SubDomain: 'pair' };
  const { RecordId: one = 0 } = await dnspod.CreateRecord({ ...pair, Value: '127.106.3.1' });
  await dnspod.CreateRecord({ ...pair, Value: '127.106.3.2' });
  const served = async () => (await seen('pair.example.com'))[0];
  expect(await served()).toBe('127.106.3.1 127.106.3.2');
  await dnspod.ModifyRecordStatus({ ...zone, RecordId: one, Status: 'DISABLE' });
  expect(await served()).toBe('127.106.3.2');
  await dnspod.ModifyRecordStatus({ ...zone, RecordId: one, Status: 'ENABLE' });
  expect(await served()).toBe('127.106.3.1 127.106.3.2');
});
