import { sql } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import { type BudgetClaim, RateBudgets } from '@/lib/cloud/rate-budgets';
import { rateLeases } from '@/lib/db/schema';
import { startOwnDatabase } from '@/testing/db/own-database';
import { createRateLedger } from './rate-ledger';

const database = await startOwnDatabase();
afterAll(() => database.stop());

const perSecond = 20;
const claim: BudgetClaim = { budget: 'clb/DescribeTargets/ap-jakarta', perSecond, rank: 'run', held: 0 };
const leaseMs = 60_000;

it('grants everything to a single worker, and to a second one what the first releases', async () => {
  const ledger = (name: string) => createRateLedger(database.db, name);
  const permits = async (name: string, more: Partial<BudgetClaim> = {}) => {
    const { grants, holders } = await ledger(name).claim('key-1', [{ ...claim, ...more }], leaseMs);
    return { permits: grants[0]?.permits, target: grants[0]?.target, holders };
  };
  expect(await permits('a')).toEqual({ permits: 20, target: 20, holders: 1 });
  expect(await permits('b')).toEqual({ permits: 0, target: 10, holders: 2 });
  expect(await permits('a', { held: 20 })).toEqual({ permits: 10, target: 10, holders: 2 });
  // Requests sent at the old rate are still within the last second.
  expect(await permits('b')).toMatchObject({ permits: 0 });
  expect(await permits('a', { held: 10 })).toMatchObject({ permits: 10 });
  expect(await permits('b')).toMatchObject({ permits: 10 });
  // Another budget is free, except for the one request per second that the other worker may start with.
  expect(await permits('b', { budget: 'clb/DescribeRewrite/ap-jakarta' })).toMatchObject({ permits: 19 });
  expect(await permits('a', { budget: 'clb/DescribeRewrite/ap-jakarta' })).toMatchObject({ permits: 1 });
});

it('grants a worker’s share to the others when its lease has ended', async () => {
  await createRateLedger(database.db, 'a').claim('key-2', [claim], leaseMs);
  await database.db.update(rateLeases).set({ until: sql`clock_timestamp()` }).where(sql`account = 'key-2'`);
  const { grants, holders } = await createRateLedger(database.db, 'b').claim('key-2', [claim], leaseMs);
  expect({ permits: grants[0]?.permits, holders }).toEqual({ permits: 20, holders: 1 });
});

it('lets a restarted worker continue with its own share', async () => {
  for (let start = 0; start < 2; start += 1) {
    const { grants } = await createRateLedger(database.db, 'a').claim('key-3', [claim], leaseMs);
    expect(grants[0]?.permits).toBe(20);
  }
});

it('never grants more than the rate to workers that claim at the same time', async () => {
  const names = Array.from({ length: 8 }, (_, n) => `w-${n}`);
  for (let round = 0; round < 5; round += 1)
    await Promise.all(
      names.map(async (name) => {
        const ledger = createRateLedger(database.db, name);
        const rows = await database.db.select().from(rateLeases).where(sql`account = 'key-4'`);
        const held = rows.find((row) => row.holder === name && row.budget !== '')?.permits ?? 0;
        const target = Math.min(held, Math.ceil(perSecond / names.length));
        await ledger.claim('key-4', [{ ...claim, held: target }], leaseMs);
        const [sum] = await database.db
          .select({ permits: sql<number>`sum(permits)::int` })
          .from(rateLeases)
          .where(sql`account = 'key-4'`);
        expect(sum?.permits).toBeLessThanOrEqual(perSecond);
      }),
    );
  const rows = await database.db.select().from(rateLeases).where(sql`account = 'key-4' and permits > 0`);
  expect(rows).toHaveLength(names.length);
});

/**
 * Sends requests of an action with a limit of 100 a second.
 * @returns when each was sent, in ms
 */
async function send(rates: RateBudgets, count: number): Promise<number[]> {
  const sent: number[] = [];
  await Promise.all(
    Array.from({ length: count }, async () => {
      const turn = await rates.account('AKIDshared').pass('dnspod', 'DescribeRecordList', null, 'run');
      sent.push(performance.now());
      turn.done();
    }),
  );
  return sent;
}
const mostInASecond = (sent: readonly number[]) =>
  Math.max(...sent.map((start) => sent.filter((at) => at >= start && at < start + 1000).length));

it('two workers on one database together never exceed the budget, and continue while it is unavailable', async () => {
  const said: boolean[] = [];
  const workers = ['first', 'second'].map(
    (name) =>
      new RateBudgets({
        now: () => new Date(),
        ledger: createRateLedger(database.db, name),
        onLedger: (error) => said.push(error !== null),
      }),
  );
  const together = await Promise.all(workers.map((rates) => send(rates, 120)));
  expect(together.flat()).toHaveLength(240);
  expect(mostInASecond(together.flat())).toBeLessThanOrEqual(100);
  expect(said).toEqual([]);

  // From here on, the database is unavailable.
  await database.server.service.stop();
  const away = await Promise.all(workers.map((rates) => send(rates, 300)));
  expect(away.flat()).toHaveLength(600);
  expect(mostInASecond([...together, ...away].flat())).toBeLessThanOrEqual(100);
  expect(said).toEqual([true, true]);
});
