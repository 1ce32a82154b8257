import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import { migrationState } from '@/lib/db/migration-state';
import { prepareSealingKey } from '@/lib/db/sealing-keys';
import { databaseRoles } from '@/lib/launch/postgres/database-passwords';
import { sealingKey, sealingKeyId } from '@/lib/sealed-box';
import { drawSealingKey } from '@/lib/sealing-key-file';
import { startOwnDatabase } from '@/testing/db/own-database';
import { ofThisFile } from '@/testing/db/test-file-database';
import { prepareDatabase } from './prepare-database';

const database = ofThisFile(startOwnDatabase);
const migrations = fileURLToPath(new URL('../../db/migrations', import.meta.url));
const prepare = () => prepareDatabase(database().url, migrations, databaseRoles);

async function as(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}
const refused = { code: '42501' };

beforeAll(async () => {
  await prepare();
  // Granted at each start.
  await prepare();
  const rows = `
    insert into connection (id, name, kind, port_offset, available) values ('c', 'c', 'sandbox', 0, true);
    insert into plan (id, connection_id, plan, findings, hash, created_by) values ('P-1', 'c', '{}', '[]', 'h', 'a');
    insert into run (id, plan_id, created_by) values ('R-1', 'P-1', 'a');
    insert into run_attempt (run_id, attempt, direction, actor) values ('R-1', 1, 'apply', 'a');
    insert into approval (plan_id, hash, name, name_key, comment, actor) values ('P-1', 'h', 'n', 'n', '', 'a');
    insert into accepted_drift (connection_id, key, object, write, state, expected, reason, actor)
      values ('c', 'k', '{}', 'w', '{}', '{}', 'r', 'a')`;
  await as(database().url, rows);
});

describe.each(['web', 'worker'] as const)('the role of the %s', (kind) => {
  const url = () => (kind === 'web' ? database().webUrl : database().workerUrl);

  test.each([
    'run_event',
    'run_attempt',
    'plan',
    'approval',
    'accepted_drift',
    'alert_acknowledgement',
    'emergency_stop_log',
    'recurrence_change',
    'audit_entry',
  ])('can’t change, delete or truncate %s', async (table) => {
    const { rows } = await as(
      database().url,
      `select column_name from information_schema.columns
        where table_schema = 'public' and table_name = '${table}' and column_name <> 'withdrawn_at'
        and is_generated = 'NEVER'`,
    );
    for (const { column_name: column } of rows) {
      await expect(as(url(), `update ${table} set ${column} = ${column}`)).rejects.toMatchObject(refused);
    }
    await expect(as(url(), `delete from ${table}`)).rejects.toMatchObject(refused);
    await expect(as(url(), `truncate ${table} cascade`)).rejects.toMatchObject(refused);
    await expect(as(url(), `drop table ${table}`)).rejects.toMatchObject(refused);
    await expect(as(url(), `alter table ${table} disable trigger all`)).rejects.toMatchObject(refused);
  });

  test('appends to the journal and notifies listeners', async () => {
    const listener = new pg.Client(url());
    await listener.connect();
    await listener.query('listen spillway');
    const received = new Promise((resolve) =>
      listener.once('notification', ({ payload }) => resolve(payload)),
    );
    await as(url(), `insert into run_event (run_id, event) values ('R-1', '{"type":"started"}')`);
    expect(await received).toContain('R-1');
    await listener.end();
    expect((await as(url(), 'select count(*)::int as n from run_event')).rows[0].n).toBeGreaterThan(0);
  });

  test('appends to the audit log, which chains the entries, and can’t move its end', async () => {
    const content = JSON.stringify({ actor: kind, operation: 'plan.apply', outcome: 'done', objects: [] });
    // The chain ignores what the process says about it.
    await as(
      url(),
      `insert into audit_entry (seq, at, previous_hash, hash, content) values (1, 'epoch', '', '', '${content}')`,
    );
    const { rows } = await as(
      database().url,
      `select e.actor, e.previous_hash, e.hash = h.hash as is_head, e.at > now() - interval '1 minute' as is_now
        from audit_entry e, audit_head h where e.seq = h.seq`,
    );
    expect(rows[0]).toMatchObject({ actor: kind, is_head: true, is_now: true });
    expect(rows[0].previous_hash).toMatch(/^[\da-f]{64}$/);
    for (const statement of [
      'update audit_head set seq = 0',
      'insert into audit_head (id, seq, hash) values (2, 0, $$$$)',
      'delete from audit_head',
      'drop trigger append_audit_entry on audit_entry',
    ])
      await expect(as(url(), statement), statement).rejects.toMatchObject(refused);
  });

  test('deletes no run, creates no table or role, and reads no secret', async () => {
    for (const statement of [
      'delete from run',
      'create table mine (id int)',
      'create schema mine',
      'create role mine',
      'set role spillway',
      'select * from shared_secret',
      'select rolpassword from pg_authid',
    ]) {
      await expect(as(url(), statement), statement).rejects.toMatchObject(refused);
    }
  });

  test('detects whether the schema is that of this build', async () => {
    const { db, close } = openDatabase(url(), () => {});
    expect(await migrationState(db)).toBe('current');
    await close();
  });
});

test('refuses a database with the tables of another build, and changes nothing in it', async () => {
  const earlierBuild = new URL('../../../testing/launch/earlier-build.sql', import.meta.url);
  await as(database().url, 'create database earlier');
  const url = database().url.replace('/spillway?', '/earlier?');
  await as(url, readFileSync(earlierBuild, 'utf8'));
  const tables = `select schemaname, tablename from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`;
  const { rows: before } = await as(url, tables);
  const attempt = prepareDatabase(url, migrations, databaseRoles);
  await expect(attempt).rejects.toThrow(/^The database earlier has the tables of another build of Spillway/);
  expect((await as(url, tables)).rows).toEqual(before);
});

test('only the dashboard can withdraw approvals', async () => {
  const withdraw = 'update approval set withdrawn_at = now()';
  expect((await as(database().webUrl, withdraw)).rowCount).toBe(1);
  await expect(as(database().workerUrl, withdraw)).rejects.toMatchObject(refused);
});

test('refuses a connection without a password, or with a wrong one', async () => {
  const { url } = database();
  const password = new URL(url).password;
  await expect(as(url.replace(`:${password}@`, '@'), 'select 1')).rejects.toThrow();
  await expect(as(url.replace(password, 'x'.repeat(43)), 'select 1')).rejects.toMatchObject({
    code: '28P01',
  });
  const { rows } = await as(
    url,
    `select rolpassword like 'SCRAM-SHA-256$4096:%' as ok from pg_authid where rolcanlogin`,
  );
  expect(rows).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
});

test.each([
  'user_session',
  'user_account',
  'user_verification',
  'second_factor',
  'recovery_code',
  'sign_in_attempt',
  'set_up_link',
  'api_token',
  'api_request',
])('a worker can’t read %s, and the dashboard can', async (table) => {
  await expect(as(database().workerUrl, `select * from ${table}`)).rejects.toMatchObject(refused);
  await expect(as(database().webUrl, `select * from ${table}`)).resolves.toBeTruthy();
});

test('a worker reads the roles of people and can’t change them', async () => {
  await expect(as(database().workerUrl, 'select email, grants from app_user')).resolves.toBeTruthy();
  for (const statement of ["update app_user set grants = '[]'", 'delete from app_user'])
    await expect(as(database().workerUrl, statement)).rejects.toMatchObject(refused);
});

const sealed = [
  ['connection_keys', 'sealed_read'],
  ['connection_keys', 'sealed_write'],
  ['alert_channel', 'sealed'],
] as const;

test('these are all sealed columns', async () => {
  const { rows } = await as(
    database().url,
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and column_name like '%sealed%' order by 1 desc, 2`,
  );
  expect(rows.map((row) => [row.table_name, row.column_name])).toEqual(sealed);
});

test('the dashboard writes keys and targets sealed, and reads them in no way', async () => {
  const { webUrl, workerUrl } = database();
  const key = `insert into connection_keys
      (connection_id, site, regions, writes, read_key_end, sealed_read, created_by, changed_by)
    values ('c', 'mainland', '{ap-jakarta}', 'none', 'wxyz', 'v2.sealed', 'a', 'a')`;
  await as(webUrl, key);
  await as(webUrl, `update connection_keys set sealed_read = 'v2.other', sealed_write = 'v2.write'`);
  expect((await as(webUrl, 'select connection_id, read_key_end from connection_keys')).rows).toEqual([
    { connection_id: 'c', read_key_end: 'wxyz' },
  ]);
  for (const [table, column] of sealed)
    for (const statement of [
      `select ${column} from ${table}`,
      `select * from ${table}`,
      `select count(*) from ${table} where ${column} like 'v2%'`,
      `select to_jsonb(each) from ${table} as each`,
      `copy ${table} to stdout`,
      `delete from ${table} returning ${column}`,
      `update ${table} set ${column} = ${column}`,
      `select most_common_vals from pg_stats where attname = '${column}' and most_common_vals is not null`,
    ]) {
      const answer = await as(webUrl, statement).then(
        ({ rows }) => rows,
        (error: { readonly code?: string }) => error.code,
      );
      // Statistics show only columns that a role can read.
      expect([statement, answer]).toEqual([statement, statement.includes('pg_stats') ? [] : '42501']);
    }
  expect((await as(workerUrl, 'select sealed_read, sealed_write from connection_keys')).rows).toEqual([
    { sealed_read: 'v2.other', sealed_write: 'v2.write' },
  ]);
  for (const statement of [key, `update connection_keys set writes = 'same'`, 'delete from connection_keys'])
    await expect(as(workerUrl, statement), statement).rejects.toMatchObject(refused);
});

test('the database has the public keys that secrets are sealed for, and no role changes them', async () => {
  const { url, webUrl, workerUrl } = database();
  const privateKey = drawSealingKey();
  const id = await prepareSealingKey(url, [privateKey]);
  const { rows } = await as(webUrl, 'select * from sealing_key');
  const publicKey = sealingKey(privateKey);
  expect(id).toBe(sealingKeyId(publicKey));
  expect(rows).toMatchObject([{ id, public_key: publicKey, retired_at: null }]);
  expect(JSON.stringify(rows)).not.toContain(privateKey);
  for (const role of [webUrl, workerUrl])
    for (const statement of [`update sealing_key set public_key = ''`, 'delete from sealing_key'])
      await expect(as(role, statement), statement).rejects.toMatchObject(refused);
});
