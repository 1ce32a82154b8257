import { afterAll, expect, test } from 'vitest';
import { startTestSandbox } from '@/testing/sandbox/test-sandbox';

const started = await startTestSandbox({ taskMs: 0 });
const { dnspod } = started.clients();
afterAll(() => started.sandbox.stop());

const zone = { Domain: 'example.com' };
const fresh = { ...zone, SubDomain: 'new', RecordType: 'A', RecordLine: 'Default', TTL: 60 };

/** Returns the answers of the name server and the resolver for a name. */
async function seen(name: string) {
  const { dns, resolver } = started.sandbox.announcement;
  return Promise.all([dns, resolver].map(async (server) => (await started.resolve(server, name)).join(' ')));
}

test('the name server shows an API change at once; the resolver when its cache entry expires', async () => {
  const { RecordId: id = 0 } = await dnspod.CreateRecord({ ...fresh, Value: '127.106.3.1' });
  expect(await seen('new.example.com')).toEqual(['127.106.3.1', '127.106.3.1']);
  await dnspod.ModifyRecord({ ...fresh, RecordId: id, Value: '127.106.3.2' });
  expect(await seen('new.example.com')).toEqual(['127.106.3.2', '127.106.3.1']);
  started.clock.advance(60_000);
  expect(await seen('new.example.com')).toEqual(['127.106.3.2', '127.106.3.2']);

  await started.control('POST', '/faults', { kind: 'resolverIgnoresTtl', seconds: 3600 });
  await dnspod.ModifyRecord({ ...fresh, RecordId: id, Value: '127.106.3.3' });
  started.clock.advance(3_500_000);
  expect(await seen('new.example.com')).toEqual(['127.106.3.3', '127.106.3.2']);
  await started.control('DELETE', '/faults');
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
