import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, it } from 'vitest';
import { ApprovalRules } from '@/lib/policy/approval-rules';
import { startTestDatabase } from '@/testing/db/test-database';

const folder = new URL('./migrations/', import.meta.url);

/** Runs the statements of a migration. */
async function run(client: pg.Client, name: string): Promise<void> {
  const text = readFileSync(new URL(name, folder), 'utf8');
  for (const statement of text.split('--> statement-breakpoint')) await client.query(statement);
}

it('makes a rule of the number of approvals that plans of a kind needed, and none of zero', async () => {
  const database = await startTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('drop schema public cascade; create schema public');
    const all = readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .toSorted();
    const own = all.findIndex((name) => name.endsWith('_approval_rules.sql'));
    for (const name of all.slice(0, own)) await run(client, name);
    await client.query(
      `insert into policy (kind, approvals, missed_t0, guards, set_by, set_at) values
        ('sandbox', 0, '{"kind": "skip"}', '[]', 'sari', now()), ('tencent', 2, '{"kind": "skip"}', '[]', 'budi', now())`,
    );
    await run(client, all[own] ?? '');
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
  } finally {
    await client.end();
    await database.stop();
  }
});
