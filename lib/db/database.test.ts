import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { isDatabaseAway } from '@/lib/database-away';
import { countQueuedStatements } from '@/testing/db/queued-statements';
import { startTestDatabase } from '@/testing/db/test-database';
import { openDatabase } from './database';

const server = await startTestDatabase();

afterAll(() => server.stop());

it('continues after more failed transaction starts than it has clients, and can be closed', async () => {
  const { db, pool, close } = openDatabase(server.url, () => {});
  const unknown = { isolationLevel: 'none of these' as 'serializable' };
  for (let n = 0; n <= pool.options.max; n += 1)
    await expect(db.transaction(async () => {}, unknown)).rejects.toThrow();
  expect(await db.transaction(async (tx) => (await tx.execute(sql`select 1 as one`)).rows)).toEqual([
    { one: 1 },
  ]);
  await close();
});

it('reports a connection lost in a transaction, which fails and returns the client to the pool', async () => {
  const broken: Error[] = [];
  const { db, close } = openDatabase(server.url, (error) => void broken.push(error));
  const failing = db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await server.db.execute(sql`select pg_terminate_backend(${rows[0]?.pid})`);
    await expect.poll(() => broken.length).toBeGreaterThan(0);
  });
  await expect(failing).rejects.toThrow();
  await close();
});

it('times out on a frozen server, and does not reuse a client with an open transaction', async () => {
  const limits = { connectionTimeoutMillis: 500, query_timeout: 500 };
  const { db, pool, close } = openDatabase(server.url, () => {}, limits);
  let frozen = 0;
  const failing = db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    frozen = rows[0]?.pid ?? 0;
    process.kill(frozen, 'SIGSTOP');
    await tx.execute(sql`select 1`);
  });
  try {
    await expect(failing).rejects.toSatisfy(isDatabaseAway);
  } finally {
    process.kill(frozen, 'SIGCONT');
  }
  expect(pool.totalCount).toBe(0);
  const { rows } = await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  expect(rows[0]?.pid).not.toBe(frozen);
  await close();
});

it('sends statements of a transaction in turn that are asked for at once, and continues after one that fails', async () => {
  const { db, close } = openDatabase(server.url, () => {});
  const queued = countQueuedStatements(pg.Client.prototype);
  const read = await db.transaction((tx) =>
    Promise.all([1, 2, 3].map(async (n) => (await tx.execute(sql`select ${n}::int as n`)).rows[0]?.n)),
  );
  expect(read).toEqual([1, 2, 3]);
  const failing = db.transaction((tx) =>
    Promise.all([tx.execute(sql`select 1 / 0`), tx.execute(sql`select 1`)]),
  );
  await expect(failing).rejects.toThrow('division by zero');
  expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  expect(queued.count()).toBe(0);
  queued.stop();
  await close();
});
