import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import { estates, runs } from '@/lib/db/schema';
import type { SwitchSide } from '@/lib/diversion/switch';
import { type Estate, estateFormat } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { StepId, type WriteStep } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { createPlan } from '@/lib/server/plans/create-plan';
import { storeEstate } from '@/lib/worker/sync/store-estate';
import {
  testEstate,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { testWrittenIds } from '@/testing/run/test-written-ids';
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
  expect((await newestEstate(db, 'test'))?.format).toBe(estateFormat);
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
          ...testWrittenIds(step),
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

describe('rules that a run has written since the snapshot', () => {
  const takenAt = '2026-12-12T00:00:00.000Z';
  const at = '2026-12-12T00:01:00.000Z';
  const rule = (functions: readonly object[]) =>
    testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions });
  const connect = (rules: readonly object[], more: Partial<Estate> = {}) =>
    context.connect(
      'test',
      'sandbox',
      testEstate({ takenAt, ...more, rules: [...testEstate().rules, ...rules] }),
    );

  /** Stores a run that has created a rule, bound the function, and removed both again. */
  async function runAndRollBack(ids: (step: WriteStep) => object = testWrittenIds): Promise<void> {
    await connect([]);
    const { id, plan } = await context.plan(testSplit());
    const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'sari' }).returning();
    const done = { type: 'stepDone', outcome: 'applied', requestId: 'q1', durationMs: 1, at } as const;
    for (const direction of ['apply', 'rollback'] as const)
      for (const step of direction === 'apply' ? plan.steps : plan.rollback)
        if (step.kind === 'write')
          await context.write(RunId.parse(row?.id), { ...done, ...ids(step), direction, stepId: step.id });
  }

  const firstStep = async () => (await context.plan(testSplit())).plan.steps[0];

  it('are planned as the rollback left them, although a sync that began before its last write ended after it', async () => {
    await runAndRollBack();
    // It has read the rule after the function was unbound, and before the rule was deleted.
    await connect([rule([])]);
    expect(await firstStep()).toMatchObject({ before: { exists: false }, call: { action: 'CreateRule' } });
    // From the next sync on, a rule there is someone else's.
    await connect([rule([])], { takenAt: '2026-12-12T00:02:00.000Z' });
    expect(await firstStep()).toMatchObject({ before: { exists: true } });
  });

  it('refuse a plan that changes them while their result is not known, and request a sync', async () => {
    await runAndRollBack();
    const { steps, rollback } = (await context.plan(testSplit())).plan;
    const [row] = await context.db.select({ id: runs.id }).from(runs);
    // Applied again by a build that did not record the ids of rules.
    const bind = steps.findLast((step) => step.kind === 'write' && step.object.kind === 'rule');
    await context.write(RunId.parse(row?.id), {
      type: 'stepDone',
      outcome: 'applied',
      requestId: 'q2',
      durationMs: 1,
      at: '2026-12-12T00:01:30.000Z',
      direction: 'apply',
      stepId: bind?.id ?? rollback[0]?.id ?? StepId.parse('A'),
    });
    expect(await createPlan({ connectionId: 'test', diversion: testSplit() })).toMatchObject({
      ok: false,
      error: { form: { message: 'estate.behind' } },
    });
  });
});
