import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { vantagePoints } from '@/lib/db/schema';
import { type Grants, grantEverywhere, noLimits, toAccess } from '@/lib/policy/access';
import { testEstate } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { getDiversion } from './diversions/get-diversion';
import { listDiversions } from './diversions/list-diversions';
import { getOverview } from './overview/get-overview';
import { getPlan } from './plans/get-plan';
import { actAs, type Caller } from './request-actor';
import { applyPlan } from './runs/apply-plan';
import { getRun } from './runs/get-run';
import { getSchedule } from './runs/get-schedule';
import { getSwitchboard } from './switches/get-switchboard';
import { unchangedRead, unchangedReads } from './unchanged-read';
import { RefusedError } from './verb';

const context = testContext();
const count = unchangedRead(() => context.db.$count(vantagePoints));
const point = (n: number) => ({ name: `r${n}`, address: `119.29.29.${n}`, createdBy: 'sari' });

it('contains each write that was committed before the call, however soon after another read', async () => {
  await context.db.delete(vantagePoints);
  for (let n = 1; n <= 30; n += 1) {
    const before = count();
    await context.db.insert(vantagePoints).values(point(n));
    expect(await count()).toBe(n);
    expect(await before).toBeLessThanOrEqual(n);
    expect(await count()).toBe(n);
  }
});

it('contains a transaction that was open during an earlier read, once it is committed', async () => {
  await context.db.delete(vantagePoints);
  await context.db.transaction(async (transaction) => {
    await transaction.insert(vantagePoints).values(point(1));
    expect(await count()).toBe(0);
    expect(await count()).toBe(0);
  });
  expect(await count()).toBe(1);
});

it('reads each object by itself, and again after others have replaced it', async () => {
  const read = unchangedReads(async (id: string) => {
    const { rows } = await context.db.execute<{ id: string }>(sql`select ${id}::text as id`);
    return rows[0]?.id;
  });
  const ids = Array.from({ length: 40 }, (_, n) => `P-${n}`);
  expect(await Promise.all(ids.map(read))).toEqual(ids);
  expect(await Promise.all(ids.toReversed().map(read))).toEqual(ids.toReversed());
});

it('reads again after an error, and gives no caller the value of an earlier snapshot instead', async () => {
  await context.db.delete(vantagePoints);
  let fails = false;
  const read = unchangedRead(async () => {
    if (fails) throw new Error('away');
    return context.db.$count(vantagePoints);
  });
  expect(await read()).toBe(0);
  await context.db.insert(vantagePoints).values(point(1));
  fails = true;
  await expect(Promise.all([read(), read()])).rejects.toThrow('away');
  fails = false;
  expect(await read()).toBe(1);
});

it('contains what a transaction with a savepoint has written, and nothing of one that is rolled back', async () => {
  await context.db.delete(vantagePoints);
  await context.db
    .transaction(async (outer) => {
      await outer.transaction((inner) => inner.insert(vantagePoints).values(point(1)));
      expect(await count()).toBe(0);
      throw new Error('roll back');
    })
    .catch(() => {});
  expect(await count()).toBe(0);
  await context.db.transaction(async (outer) => {
    await outer.transaction((inner) => inner.insert(vantagePoints).values(point(2)));
  });
  expect(await count()).toBe(1);
});

describe('what was read for someone else', () => {
  const callerWith = (name: string, grants: Grants): Caller => ({
    actor: { name, accountId: name, role: 'viewer', access: toAccess(grants) },
    credential: { via: 'token', id: name },
    requestId: name,
    address: null,
    cookie: null,
    userAgent: null,
  });
  const everything = callerWith('wide@example.com', grantEverywhere('viewer'));
  const limited: readonly (readonly [string, Caller])[] = [
    [
      'another connection',
      callerWith('connection@example.com', [{ role: 'viewer', ...noLimits, connections: ['other'] }]),
    ],
    [
      'another region',
      callerWith('region@example.com', [{ role: 'viewer', ...noLimits, regions: ['ap-tokyo'] }]),
    ],
    [
      'another domain',
      callerWith('domain@example.com', [{ role: 'viewer', ...noLimits, domains: ['elsewhere.example'] }]),
    ],
  ];

  it.each(limited)('is not given to a reader of %s', async (_, reader) => {
    await context.clear();
    await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString() }));
    const { id, hash, diversionId } = await context.plan();
    const applied = await applyPlan({ planId: id, hash, typedDomain: null, cutover: null });
    const runId = applied.ok ? applied.value.runId : '';
    const lists = () => Promise.all([listDiversions(), getOverview(), getSchedule(), getSwitchboard()]);
    const objects = () => Promise.allSettled([getPlan(id), getRun(runId), getDiversion(diversionId)]);
    // Nothing is written in between, and both read at once.
    const [wide, wideObjects, narrow, narrowObjects] = await Promise.all([
      actAs(everything, lists),
      actAs(everything, objects),
      actAs(reader, lists),
      actAs(reader, objects),
    ]);
    expect(JSON.stringify(wide)).toContain('flash.example.co.id');
    expect(wideObjects.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    const again = await actAs(reader, lists);
    for (const seen of [narrow, again])
      expect(JSON.stringify(seen)).not.toMatch(/flash\.example\.co\.id|12\.12|P-\d|R-\d|D-\d/);
    for (const result of [...narrowObjects, ...(await actAs(reader, objects))])
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(RefusedError) });
  });
});
