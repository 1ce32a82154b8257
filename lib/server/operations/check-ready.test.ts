import { sql } from 'drizzle-orm';
import { beforeEach, expect, it, vi } from 'vitest';
import { workers } from '@/lib/db/schema';
import { engineVersion } from '@/lib/run/durable/work';
import { createMeasures } from '@/lib/worker/connections/measures';
import { startHeartbeat } from '@/lib/worker/loop/heartbeat';
import type { WorkerProblem } from '@/lib/worker-problem';
import { fileDatabase } from '@/testing/db/test-file-database';
import { checkReady } from './check-ready';

const database = fileDatabase();
const onError = vi.fn();
const check = () => checkReady(async () => database.db, onError);

beforeEach(async () => {
  onError.mockReset();
  await database.db.delete(workers);
});

/** Stores one heartbeat of a worker. */
async function beat(
  worker: string,
  version = engineVersion,
  problems: readonly WorkerProblem[] = [],
): Promise<void> {
  const { db } = database;
  const measures = createMeasures(worker);
  const end = await startHeartbeat({
    db,
    worker,
    engineVersion: version,
    measures,
    onError,
    problems: () => problems,
  });
  end();
}
const age = (worker: string, seconds: number) =>
  database.db
    .update(workers)
    .set({ seenAt: sql`now() - make_interval(secs => ${seconds})` })
    .where(sql`id = ${worker}`);

it('is ready when the database is current and a worker has sent a recent heartbeat', async () => {
  await beat('a');
  await beat('b');
  await age('b', 60);
  const ready = await check();
  expect(ready).toMatchObject({
    ready: true,
    checks: [
      { name: 'database', ok: true },
      { name: 'migrations', ok: true },
      { name: 'worker', ok: true },
    ],
    workers: [
      { id: 'a', version: expect.stringMatching(/^\d+\./), engineVersion, alive: true },
      { id: 'b', alive: false },
    ],
  });
  expect(JSON.stringify(ready)).not.toContain('measures');
});

it('is not ready without a worker, and reports the last one and its time', async () => {
  expect(await check()).toMatchObject({ ready: false, checks: [{}, {}, { ok: false }] });
  await beat('a');
  await age('a', 42);
  expect((await check()).checks[2]).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/last heartbeat came from a, 42 s ago/),
  });
});

it('is not ready with only workers of another engine version', async () => {
  await beat('old', '0');
  const reason = expect.stringContaining('worker old has engine version 0');
  expect((await check()).checks[2]).toMatchObject({ ok: false, reason });
});

it('is not ready with a database that lacks a migration, or that was never migrated', async () => {
  const { db } = database;
  await beat('a');
  await db
    .transaction(async (tx) => {
      await tx.execute(
        sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`,
      );
      await tx.execute(sql`drop table worker`);
      const behind = await checkReady(async () => tx as never, onError);
      expect(behind.checks[1]).toMatchObject({ ok: false, reason: expect.stringContaining('older schema') });
      await tx.execute(sql`drop schema drizzle cascade`);
      expect((await checkReady(async () => tx as never, onError)).checks[1]).toMatchObject({ ok: false });
      tx.rollback();
    })
    .catch((error: unknown) => expect(error).toMatchObject({ message: 'Rollback' }));
  expect(onError).not.toHaveBeenCalled();
});

it('is not ready with the tables of another build', async () => {
  const { db } = database;
  await db.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('another', 1)`);
  const { ready, checks } = await check();
  await db.execute(sql`delete from drizzle.__drizzle_migrations where hash = 'another'`);
  expect(ready).toBe(false);
  expect(checks.slice(1)).toEqual([
    { name: 'migrations', ok: false, reason: expect.stringContaining('tables of another build') },
    { name: 'worker', ok: false, reason: expect.any(String) },
  ]);
  expect(onError).not.toHaveBeenCalled();
});

it('is ready when a newer build has migrated the database', async () => {
  const { db } = database;
  await beat('a');
  await db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9999999999999)`,
  );
  expect((await check()).ready).toBe(true);
  await db.execute(sql`delete from drizzle.__drizzle_migrations where hash = 'newer'`);
});

it('responds in time, and without the error text, when the database hangs or is unavailable', async () => {
  const hung = await checkReady(() => new Promise(() => {}), onError);
  expect(hung.checks).toEqual([
    { name: 'database', ok: false, reason: 'the database did not answer within 2 s' },
  ]);
  const gone = Object.assign(new Error('connect ECONNREFUSED spillway@10.0.0.1'), { code: 'ECONNREFUSED' });
  const away = await checkReady(() => Promise.reject(gone), onError);
  expect(away.checks).toEqual([{ name: 'database', ok: false, reason: 'the database does not answer' }]);
  expect(onError).toHaveBeenLastCalledWith(gone);
});

it('is ready with failing background tasks of running workers, and reports them', async () => {
  const problem: WorkerProblem = {
    loop: 'switches',
    object: 'switch 1',
    message: 'policy.vantages.0.resolver breaks the rules',
    failures: 3,
    since: '2026-01-01T00:00:00.000Z',
    retryAt: '2026-01-01T00:00:04.000Z',
  };
  await beat('a', engineVersion, [problem]);
  await beat('gone', engineVersion, [problem]);
  await age('gone', 60);
  expect(await check()).toMatchObject({ ready: true, problems: [{ worker: 'a', ...problem }] });
});
