import { sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { storeEstate } from '@/lib/worker/sync/store-estate';
import { testEstate, testLoadBalancer } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { newestEstate } from './newest-estate';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

async function read(): Promise<Estate> {
  const estate = await newestEstate(context.db, 'test');
  invariant(estate !== null, 'the account has been read');
  return estate;
}

const store = (estate: Estate) =>
  context.db.transaction((tx) =>
    storeEstate(tx, 'test', estate, { observedAt: new Date(estate.takenAt), keptDays: 1 }),
  );

it('reads and parses a snapshot once for all readers', async () => {
  const first = await read();
  const [second, third] = await Promise.all([read(), read()]);
  expect(second.rules).toBe(first.rules);
  expect(third.rules).toBe(first.rules);
});

it('reports a sync that found the same by its time, and shares the rest', async () => {
  const first = await read();
  await store(first);
  const filed = await read();
  await store({ ...filed, takenAt: '2026-12-13T00:00:00.000Z' });
  const second = await read();
  expect(second.takenAt).toBe('2026-12-13T00:00:00.000Z');
  expect(second.rules).toBe(filed.rules);
});

it('returns the next snapshot at once', async () => {
  const first = await read();
  await store({ ...first, ...testEstate({ loadBalancers: [testLoadBalancer('lb-other')] }) });
  expect((await read()).loadBalancers.map(({ id }) => id)).toEqual(['lb-other']);
});

it('counts a snapshot of another format as missing, until a sync replaces it', async () => {
  await context.db.execute(sql`update estate set estate = jsonb_set(estate, '{format}', '99')`);
  // Readers that have read a row before keep it: another connection to the database has not.
  const { db, close } = openDatabase(context.url, () => {});
  expect(await newestEstate(db, 'test')).toBeNull();
  await store(testEstate());
  expect((await newestEstate(db, 'test'))?.format).toBe(1);
  await close();
});
