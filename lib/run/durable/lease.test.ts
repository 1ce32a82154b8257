import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/launch/postgres/embedded-postgres';
import { copyPreparedCluster } from '@/testing/db/own-database';
import { takeLease, versionLock, workerLock } from './lease';

const dataDir = mkdtempSync(join(tmpdir(), 'spillway-lease-test-'));
const quiet = { line: () => {}, say: () => {} };
let database: EmbeddedPostgres;

beforeAll(async () => {
  copyPreparedCluster(dataDir);
  database = startEmbeddedPostgres(dataDir, quiet);
  await database.service.ready;
});

afterAll(async () => {
  await database.service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const local = { worker: 'local', version: '1' };
const onLost = vi.fn();
const lockers = async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query(`select mode from pg_locks where locktype = 'advisory' and granted`);
  await client.end();
  return rows.map(({ mode }) => mode);
};

it('waits for an unavailable database indefinitely, and reports it once', async () => {
  await database.service.stop();
  const tries = vi.spyOn(pg.Client.prototype, 'connect');
  const onWaiting = vi.fn();
  const taken = takeLease(database.url, local, { onWaiting, onLost });
  await expect.poll(() => tries.mock.calls.length, { timeout: 20_000 }).toBeGreaterThan(5);
  tries.mockRestore();
  database = startEmbeddedPostgres(dataDir, quiet);
  await taken;
  expect(onWaiting.mock.calls).toEqual([['database']]);
  expect(onLost).not.toHaveBeenCalled();
  // Exclusive for its name, shared for its version.
  expect((await lockers()).toSorted()).toEqual(['ExclusiveLock', 'ShareLock']);
});

/** Ends once the holder of an exclusive advisory lock has shown two more signs of life. */
const twoSigns = `
  import pg from 'pg';
  const client = new pg.Client(process.argv[1]);
  await client.connect();
  const sign = async () => {
    const { rows } = await client.query(
      "select max(state_change)::text as at from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and mode = 'ExclusiveLock'");
    return rows[0].at;
  };
  for (let seen = await sign(), signs = 0; signs < 2; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const now = await sign();
    if (now !== seen) signs += 1;
    seen = now;
  }
  await client.end();
`;

it('shows signs of life while the event loop of the process is blocked', () => {
  execFileSync(process.execPath, ['--input-type=module', '--eval', twoSigns, database.url], {
    timeout: 60_000,
  });
});

it('makes a second worker of the same name wait, and lists the leases and their owners', async () => {
  const two = await takeLease(database.url, { worker: 'two', version: '2' }, { onWaiting: () => {}, onLost });
  const onWaiting = vi.fn();
  const lostFirst = vi.fn();
  const three = { worker: 'three', version: '2' };
  await takeLease(database.url, three, { onWaiting, onLost: lostFirst });
  const again = takeLease(database.url, three, { onWaiting, onLost });
  await expect.poll(() => onWaiting.mock.calls, { timeout: 20_000 }).toEqual([['worker']]);

  const locks = [workerLock('three'), workerLock('nobody'), versionLock('2'), versionLock('3')];
  expect([...(await two.held(locks)).keys()].toSorted()).toEqual([versionLock('2'), workerLock('three')]);
  const act = vi.fn();
  expect(await two.whileFree(workerLock('three'), act)).toBe(false);
  expect(act).not.toHaveBeenCalled();
  await expect(two.whileFree(workerLock('nobody'), () => Promise.reject(new Error('no')))).rejects.toThrow();
  expect(await two.whileFree(workerLock('nobody'), act)).toBe(true);
  expect(await two.whileFree(versionLock('2'), act)).toBe(false);

  // It was active just now: only a lease that is silent for longer is revoked, and then passes to the waiting worker.
  await two.cut(workerLock('three'), 60_000);
  expect(lostFirst).not.toHaveBeenCalled();
  await two.cut(workerLock('three'), -1);
  await again;
  expect(lostFirst).toHaveBeenCalledTimes(1);
});

it('reports once that the lease is lost with the database', async () => {
  const lost = new Promise<void>((resolve) => {
    const another = { worker: 'another', version: '1' };
    void takeLease(database.url, another, { onWaiting: () => {}, onLost: resolve });
  });
  await expect.poll(async () => (await lockers()).length, { timeout: 20_000 }).toBe(8);
  await database.service.stop();
  await lost;
});

it('fails at once if the database refuses the connection', async () => {
  database = startEmbeddedPostgres(dataDir, quiet);
  await database.service.ready;
  const unknown = database.url.replace('/spillway?', '/nowhere?');
  await expect(takeLease(unknown, local, { onWaiting: () => {}, onLost })).rejects.toThrow(
    'database "nowhere" does not exist',
  );
});
