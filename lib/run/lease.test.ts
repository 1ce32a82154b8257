import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/launch/embedded-postgres';
import { takeLease } from './lease';

const dataDir = mkdtempSync(join(tmpdir(), 'spillway-lease-test-'));
const quiet = { line: () => {}, say: () => {} };
let database: EmbeddedPostgres;

beforeAll(async () => {
  database = startEmbeddedPostgres(dataDir, quiet);
  await database.service.ready;
}, 60_000);

afterAll(async () => {
  await database.service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const onLost = vi.fn();
const lockers = async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query(`select granted from pg_locks where locktype = 'advisory'`);
  await client.end();
  return rows;
};

it('waits for a database that is away, as long as it takes, and says so once', async () => {
  await database.service.stop();
  const tries = vi.spyOn(pg.Client.prototype, 'connect');
  const onWaiting = vi.fn();
  const taken = takeLease(database.url, 'local', { onWaiting, onLost });
  await expect.poll(() => tries.mock.calls.length, { timeout: 20_000 }).toBeGreaterThan(5);
  tries.mockRestore();
  database = startEmbeddedPostgres(dataDir, quiet);
  await taken;
  expect(onWaiting).toHaveBeenCalledTimes(1);
  expect(onLost).not.toHaveBeenCalled();
  expect(await lockers()).toEqual([{ granted: true }]);
}, 60_000);

it('tells once that the lease is gone with its database', async () => {
  const lost = new Promise<void>((resolve) => {
    void takeLease(database.url, 'another', { onWaiting: () => {}, onLost: resolve });
  });
  await expect.poll(async () => (await lockers()).length).toBe(2);
  await database.service.stop();
  await lost;
}, 30_000);

it('fails at once where the database is there and refuses', async () => {
  database = startEmbeddedPostgres(dataDir, quiet);
  await database.service.ready;
  const unknown = database.url.replace('/spillway?', '/nowhere?');
  await expect(takeLease(unknown, 'local', { onWaiting: () => {}, onLost })).rejects.toThrow(
    'database "nowhere" does not exist',
  );
}, 30_000);
