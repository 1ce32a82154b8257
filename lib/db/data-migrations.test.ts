import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalRules } from '@/lib/policy/approval-rules';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';

/* Migrations that change stored data, on a database as it was before each. */

const folder = new URL('./migrations/', import.meta.url);

let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  database = await startTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('drop schema public cascade; create schema public');
});
afterEach(async () => {
  await client.end();
  await database.stop();
});

async function run(name: string): Promise<void> {
  const text = readFileSync(new URL(name, folder), 'utf8');
  for (const statement of text.split('--> statement-breakpoint')) await client.query(statement);
}

/** Runs the migrations before the one of this name, and returns what runs it. */
async function migrateUntil(name: string): Promise<() => Promise<void>> {
  const all = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted();
  const own = all.findIndex((file) => file.endsWith(`_${name}.sql`));
  for (const file of all.slice(0, own)) await run(file);
  return () => run(all[own] ?? '');
}

describe('a migration', () => {
  it('makes a rule of the number of approvals that plans of a kind needed, and none of zero', async () => {
    const migrate = await migrateUntil('approval_rules');
    await client.query(
      `insert into policy (kind, approvals, missed_t0, guards, set_by, set_at) values
        ('sandbox', 0, '{"kind": "skip"}', '[]', 'sari', now()), ('tencent', 2, '{"kind": "skip"}', '[]', 'budi', now())`,
    );
    await migrate();
    const { rows } = await client.query<{ rules: unknown }>('select rules, set_at from approval_policy');
    expect(rows).toHaveLength(1);
    expect(ApprovalRules.parse(rows[0]?.rules)).toEqual([
      {
        name: 'Real accounts',
        match: { kind: 'tencent', connectionId: null, region: null, domain: null },
        from: { writes: null, dnsWrites: null, routes: null, sharePercent: null, warnings: false },
        approvals: 2,
        selfApproval: false,
        expiresAfterH: null,
        rehearsedWithinH: null,
        breakGlass: true,
      },
    ]);
  });

  it('gives rehearsals from before fire drills one event each', async () => {
    const migrate = await migrateUntil('fire_drills');
    await client.query(
      `alter table rehearsal drop constraint rehearsal_plan_id_plan_id_fk;
       insert into rehearsal (plan_id, hash, input, actor) values ('P-0001', 'h', '{"settings": {"seed": 7}}', 'sari')`,
    );
    await migrate();
    const { rows } = await client.query('select input, drill from rehearsal');
    expect(rows).toEqual([{ input: { settings: { seed: 7, events: 1 } }, drill: null }]);
  });

  it('gives what people did the account that had their address then', async () => {
    const migrate = await migrateUntil('neat_war_machine');
    await client.query(
      `alter table run_attempt drop constraint run_attempt_run_id_run_id_fk;
       insert into app_user (id, name, email, email_verified, grants, created_at, updated_at) values
         ('u1', 'Sari', 'sari@example.com', false, '[]', '2026-05-01', '2026-05-01');
       insert into run_attempt (run_id, attempt, direction, actor, requested_at) values
         ('R-1', 1, 'apply', 'sari@example.com', '2026-06-01'), ('R-2', 1, 'apply', 'sari@example.com', '2026-04-01'),
         ('R-3', 1, 'apply', 'failover', '2026-06-01')`,
    );
    await migrate();
    const { rows } = await client.query('select account_id as id from run_attempt order by run_id');
    expect(rows).toEqual([{ id: 'u1' }, { id: null }, { id: null }]);
  });
});
