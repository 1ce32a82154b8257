import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';

const dataDir = mkdtempSync(join(tmpdir(), 'spillway-postgres-test-'));
const said = new EventEmitter();
const log = { line: () => {}, say: (text: string) => void said.emit(text) };
let database: EmbeddedPostgres;

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const upAgain = () => new Promise<void>((resolve) => said.once('database is ready again', resolve));

const postmaster = () =>
  Number(readFileSync(join(database.home, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

beforeAll(async () => {
  database = startEmbeddedPostgres(dataDir, log);
  await database.service.ready;
});

afterAll(async () => {
  await database.service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('writes with fsync, listens on no network, and exposes its socket only to its owner', async () => {
  const [row] = await query(
    `select current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses, upper('é') as upper`,
  );
  expect(row).toEqual({ fsync: 'on', addresses: '', upper: 'É' });
  const socketFolder = new URL(database.url).searchParams.get('host') ?? '';
  expect(statSync(socketFolder).mode & 0o777).toBe(0o700);
  expect(statSync(join(database.home, 'postgres')).mode & 0o777).toBe(0o700);
  if (process.getuid?.() === 0) expect(statSync(socketFolder).uid).toBe(63_999);
});

test('restarts a killed server with everything that was committed', async () => {
  await query('create table note (text text)');
  await query(`insert into note values ('kept')`);
  const before = postmaster();
  const recovered = upAgain();
  process.kill(before, 'SIGKILL');
  await recovered;
  expect(postmaster()).not.toBe(before);
  expect(await query('select text from note')).toEqual([{ text: 'kept' }]);
});

test('stops a server left running by a killed launcher without losing data', async () => {
  await query(`insert into note values ('also kept')`);
  const left = postmaster();
  // A second supervisor on the same data acts as the next launcher; the server of the first one is left running.
  const next = startEmbeddedPostgres(dataDir, log);
  await database.service.stop();
  await next.service.ready;
  database = next;
  expect(postmaster()).not.toBe(left);
  expect(await query('select text from note order by text')).toEqual([
    { text: 'also kept' },
    { text: 'kept' },
  ]);
});

test('keeps its passwords readable only to its owner, and generates new ones if their file is missing', async () => {
  const file = join(dataDir, 'database-passwords.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { password } = new URL(database.url);
  expect(readFileSync(`/proc/${postmaster()}/cmdline`, 'utf8')).not.toContain(password);
  const old = database.url;
  await database.service.stop();
  // Like a cluster of an older build, which required no password.
  rmSync(file);
  writeFileSync(join(database.home, 'postgres/pg_hba.conf'), 'local all all trust\n');
  database = startEmbeddedPostgres(dataDir, log);
  await database.service.ready;
  expect(await query('select count(*)::int as kept from note')).toEqual([{ kept: 2 }]);
  const before = new pg.Client(old);
  await expect(before.connect()).rejects.toMatchObject({ code: '28P01' });
});
