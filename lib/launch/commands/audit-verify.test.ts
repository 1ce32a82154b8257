import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditContent } from '@/lib/audit/audit-entry';
import { entryHash, genesisHash } from '@/lib/audit/chain';
import { appendAudit } from '@/lib/store/audit/append-audit';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { auditVerify } from './audit-verify';

/* `npm run audit:verify` on a real database, with rows that its owner tampers with. */

const content: AuditContent = {
  format: 1,
  actor: 'sari@example.com',
  account: null,
  role: 'operator',
  via: 'session',
  credential: 's1',
  address: '192.0.2.7',
  request: 'r1',
  operation: 'plan.approve',
  outcome: 'done',
  begun: null,
  objects: [{ kind: 'plan', id: 'P-0001' }],
  plans: [],
  fields: ['planId'],
  facts: {},
  refusal: null,
  code: null,
  durationMs: 3,
};

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await startTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'spillway-audit-'));
  process.env.DATABASE_URL = database.url;
  for (let seq = 1; seq <= 9; seq += 1) await appendAudit(database.db, { ...content, facts: { seq } });
});
afterEach(async () => {
  delete process.env.DATABASE_URL;
  rmSync(folder, { recursive: true, force: true });
  await database.stop();
});

async function verify(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await auditVerify(folder, args, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** Runs statements as the owner of the table, past its triggers. */
async function tamper(...statements: readonly string[]): Promise<void> {
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    for (const statement of statements) await tx.execute(statement);
  });
}

/** Writes the log again from an entry on, with all its hashes and its head, as only its owner could. */
async function rewrite(from: number, actor: string): Promise<void> {
  type Row = { seq: string; at: Date; content: string };
  const { rows } = await database.db.execute<Row>(
    'select seq, at, content from audit_entry where seq > 0 order by seq',
  );
  let previousHash = genesisHash;
  const statements: string[] = [];
  for (const row of rows) {
    const seq = Number(row.seq);
    const made = seq === from ? row.content.replace('sari@example.com', actor) : row.content;
    const entry = { seq, at: new Date(row.at).toISOString(), previousHash, content: made };
    const hash = entryHash(entry);
    statements.push(
      `update audit_entry set content = '${made}', previous_hash = '${previousHash}', hash = '${hash}' where seq = ${seq}`,
    );
    previousHash = hash;
  }
  await tamper(...statements, `update audit_head set hash = '${previousHash}'`);
}

it('reports an intact log, and verifies it against an anchor that was kept', async () => {
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('is intact.\n  Entries: 9') });
  const anchor = await verify('--anchor');
  expect(anchor).toMatchObject({ code: 0, err: expect.stringContaining('is intact') });
  expect(JSON.parse(anchor.out)).toEqual({
    at: expect.stringMatching(/Z$/),
    seq: 9,
    hash: expect.stringMatching(/^[\da-f]{64}$/),
  });
  const file = join(folder, 'anchors.jsonl');
  writeFileSync(file, `${anchor.out}\n`);
  await appendAudit(database.db, content);
  const { seq, hash } = JSON.parse(anchor.out);
  expect(await verify(file, `${seq}:${hash}`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Entries: 10'),
  });
});

it('reports an empty log as intact', async () => {
  const empty = await startTestDatabase();
  process.env.DATABASE_URL = empty.url;
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('Entries: 0') });
  await empty.stop();
});

it.each([
  [
    'another actor',
    `update audit_entry set content = replace(content, 'sari', 'budi') where seq = 4`,
    'Entry 4 was changed',
  ],
  [
    'another time',
    `update audit_entry set at = at - interval '1 microsecond' where seq = 4`,
    'Entry 4 was changed',
  ],
  ['a removed entry', 'delete from audit_entry where seq = 4', 'Entry 4 is missing'],
  ['a removed beginning', 'delete from audit_entry where seq < 3', 'Entries 1 to 2 are missing'],
  ['a removed end', 'delete from audit_entry where seq > 7', 'The log ends at entry 7, but 9'],
  ['an emptied log', 'truncate audit_entry', 'The log ends at entry 0, but 9'],
  [
    'two exchanged entries',
    `update audit_entry as a set content = b.content from audit_entry as b where a.seq in (3, 5) and b.seq = 8 - a.seq`,
    'Entry 3 was changed',
  ],
  [
    'a removed entry whose place was closed',
    'delete from audit_entry where seq = 4; update audit_entry set seq = seq - 1 where seq = 5',
    'Entry 4 does not continue',
  ],
])('finds %s', async (_what, statement, text) => {
  await tamper(...statement.split(';'));
  const { code, out } = await verify();
  expect(out).toContain('The audit log is NOT intact.');
  expect(out).toContain(text);
  expect(code).toBe(1);
  // A log that is not intact gives no anchor.
  expect(await verify('--anchor')).toMatchObject({ code: 1, out: '' });
});

it('finds a log that its owner has rewritten or cut only by an anchor', async () => {
  const { out: anchor } = await verify('--anchor');
  const { seq, hash } = JSON.parse(anchor);
  await rewrite(4, 'budi@example.com');
  expect(await verify()).toMatchObject({
    code: 0,
    out: expect.stringContaining('Verified against no anchor'),
  });
  expect(await verify(`${seq}:${hash}`)).toMatchObject({
    code: 1,
    out: expect.stringContaining('Entry 9 is not the one that an anchor names'),
  });
  await tamper('delete from audit_entry where seq = 9');
  await tamper(
    'update audit_head set seq = entry.seq, hash = entry.hash from audit_entry as entry where entry.seq = 8',
  );
  expect(await verify()).toMatchObject({ code: 0 });
  expect(await verify(`${seq}:${hash}`)).toMatchObject({
    code: 1,
    out: expect.stringContaining('has no entry 9'),
  });
});

it('finds a log whose triggers were removed', async () => {
  await database.db.execute('alter table audit_entry disable trigger refuse_audit_change');
  expect(await verify()).toMatchObject({
    code: 1,
    out: expect.stringContaining('refuse_audit_change is missing or disabled'),
  });
});

it('says why it can’t verify', async () => {
  expect(await verify('--all')).toMatchObject({
    code: 2,
    err: expect.stringContaining('unknown option --all'),
  });
  expect(await verify('nowhere')).toMatchObject({
    code: 2,
    err: expect.stringContaining('neither SEQ:HASH nor a file'),
  });
  const file = join(folder, 'anchors.jsonl');
  writeFileSync(file, 'no anchor');
  expect(await verify(file)).toMatchObject({ code: 2, err: expect.stringContaining('no anchor') });
  delete process.env.DATABASE_URL;
  process.env.SPILLWAY_DATA_DIR = folder;
  expect(await verify()).toMatchObject({ code: 2, err: expect.stringContaining('there is no database in') });
  delete process.env.SPILLWAY_DATA_DIR;
});
