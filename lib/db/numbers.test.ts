import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { fileDatabase } from '@/testing/db/test-file-database';
import { connections, plans, runs } from './schema';

const account = { id: 'c', name: 'c', kind: 'sandbox', portOffset: 0, available: true } as const;
const database = fileDatabase(({ db }) => db.insert(connections).values(account));

async function store(): Promise<readonly [string, string]> {
  const { db } = database;
  const values = { connectionId: 'c', plan: {} as never, findings: [], hash: 'x', createdBy: 'x' };
  const [plan] = await db.insert(plans).values(values).returning();
  invariant(plan, 'an insert returns its row');
  const [run] = await db.insert(runs).values({ planId: plan.id, createdBy: 'x' }).returning();
  invariant(run, 'an insert returns its row');
  return [plan.id, run.id];
}

it('numbers plans and runs with more than four digits', async () => {
  expect(await store()).toEqual(['P-0001', 'R-0001']);
  // The number that results if ten thousand and more are cut to four digits.
  await database.db.execute(sql`select setval('plan_number', 999), setval('run_number', 999)`);
  expect(await store()).toEqual(['P-1000', 'R-1000']);
  await database.db.execute(sql`select setval('plan_number', 9999), setval('run_number', 9999)`);
  expect(await store()).toEqual(['P-10000', 'R-10000']);
  expect(await store()).toEqual(['P-10001', 'R-10001']);
});
