import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import { estates, runs } from '@/lib/db/schema';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { RunId } from '@/lib/run/model/run-id';
import { storeEstate } from '@/lib/worker/sync/store-estate';
import { testEstate, testLoadBalancer, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { testRecordIds } from '@/testing/run/test-record-ids';
import { testContext } from '@/testing/server/test-context';
import { newestEstate, newestSnapshot } from './newest-estate';

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

it('returns only a new time for a sync without changes, and shares the rest', async () => {
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
  // Readers that have cached a row keep it; a separate connection to the database has no cache.
  const { db, close } = openDatabase(context.url, () => {});
  expect(await newestEstate(db, 'test')).toBeNull();
  await store(testEstate());
  expect((await newestEstate(db, 'test'))?.format).toBe(1);
  await close();
});

describe('DNS writes of runs since the snapshot', () => {
  const takenAt = '2026-12-12T00:00:00.000Z';
  const minute = (n: number) => new Date(Date.parse(takenAt) + n * 60_000).toISOString();
  const value = (estate: Estate | null) =>
    estate?.records.filter(({ enabled }) => enabled).map((record) => [record.value, record.weight]);

  /** Stores an account with one record. */
  const connect = (id: string, at: Partial<Estate> = {}) =>
    context.connect(
      id,
      'sandbox',
      testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')], takenAt, ...at }),
    );

  /** Stores a run over the Switch that moved it at the given minute. */
  async function move(
    toward: SwitchSide,
    at: number,
    done: object = {},
    connections: readonly string[] = [],
  ): Promise<void> {
    const { id, plan } = await context.plan({ ...testSwitch({ toward }), connections });
    const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'sari' }).returning();
    const how = { outcome: 'applied', requestId: 'q1', durationMs: 1, direction: 'apply', ...done } as const;
    for (const step of plan.steps)
      if (step.kind === 'write')
        await context.write(RunId.parse(row?.id), {
          type: 'stepDone',
          stepId: step.id,
          at: minute(at),
          ...how,
          ...testRecordIds(step),
        });
  }

  beforeEach(() => connect('test'));

  it('include those of every run, in order', async () => {
    await move('function', 1);
    expect(value(await newestEstate(context.db, 'test'))).toEqual([['127.77.1.2', null]]);
    await move('cvm', 2);
    expect(value(await newestEstate(context.db, 'test'))).toEqual([['127.77.1.1', null]]);
    await move('function', 3);
    expect(value(await newestEstate(context.db, 'test'))).toEqual([['127.77.1.2', null]]);
    expect(value(await newestSnapshot(context.db, 'test'))).toEqual([['127.77.1.1', null]]);
  });

  it('exclude writes that a full or partial sync has read since', async () => {
    await move('function', 1);
    const setPartsAt = (at: string) => context.db.update(estates).set({ partsAt: new Date(at) });
    await setPartsAt(minute(0.5));
    expect(value(await newestEstate(context.db, 'test'))).toEqual([['127.77.1.2', null]]);
    await setPartsAt(minute(1));
    expect(value(await newestEstate(context.db, 'test'))).toEqual([['127.77.1.1', null]]);
    await connect('test', { takenAt: minute(2) });
    expect(value(await newestEstate(context.db, 'test'))).toEqual([['127.77.1.1', null]]);
  });

  it('have the weights that the cloud has kept', async () => {
    const keptWeights = [{ type: 'A', value: '127.77.1.2', weight: 10 }];
    await move('function', 1, { outcome: 'kept', keptWeights });
    expect(value(await newestEstate(context.db, 'test'))).toEqual([['127.77.1.2', 10]]);
  });

  it('include those of another account’s run in the account of the name', async () => {
    await connect('test', { zones: [], records: [] });
    await connect('other', { loadBalancers: [], listeners: [], rules: [], functions: [] });
    await move('function', 1, {}, ['other']);
    expect(value(await newestEstate(context.db, 'other'))).toEqual([['127.77.1.2', null]]);
    expect(value(await newestEstate(context.db, 'test', ['other']))).toEqual([['127.77.1.2', null]]);
    // The own account's older snapshot does not contain the name.
    await connect('other', { takenAt: minute(2) });
    expect(value(await newestEstate(context.db, 'test', ['other']))).toEqual([['127.77.1.1', null]]);
  });
});
