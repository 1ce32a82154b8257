import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, it } from 'vitest';
import { startTestDatabase } from '@/testing/db/test-database';

/** Runs the statements of a migration. */
async function run(client: pg.Client, name: string): Promise<void> {
  const text = readFileSync(new URL(`./migrations/${name}.sql`, import.meta.url), 'utf8');
  for (const statement of text.split('--> statement-breakpoint')) await client.query(statement);
}

it('makes each stored plan the first revision of a new diversion, and numbers later ones', async () => {
  const database = await startTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('drop schema public cascade; create schema public');
    await run(client, '0000_baseline');
    await client.query(
      `insert into connection (id, name, kind, port_offset, available) values ('c', 'c', 'sandbox', 0, true)`,
    );
    const add = (plan: object, more = '', values = '') =>
      client.query(
        `insert into plan (connection_id, plan, findings, hash, created_by${more}) values ('c', $1, '[]', 'h', 'sari'${values})`,
        [JSON.stringify(plan)],
      );
    const routes = [{ domain: 'b.example' }, { domain: 'a.example' }, { domain: 'b.example' }];
    await add({ diversion: { kind: 'access', name: 'first', routes } });
    await add({});
    await run(client, '0001_diversions');
    const made = await client.query('select name, kind, domains from diversion order by id');
    expect(made.rows).toEqual([
      { name: 'first', kind: 'access', domains: ['a.example', 'b.example'] },
      { name: '', kind: 'split', domains: [] },
    ]);
    await add({ diversion: { kind: 'split', name: 'third', routes: [] } }, ', diversion_id', `, 'D-0001'`);
    await add({ diversion: { kind: 'split', name: 'fourth', routes: [] } });
    const plans = await client.query('select id, diversion_id, revision from plan order by id');
    expect(plans.rows).toEqual([
      { id: 'P-0001', diversion_id: 'D-0001', revision: 1 },
      { id: 'P-0002', diversion_id: 'D-0002', revision: 1 },
      { id: 'P-0003', diversion_id: 'D-0001', revision: 2 },
      { id: 'P-0004', diversion_id: 'D-0003', revision: 1 },
    ]);
    const diversions = await client.query('select name, kind, domains, owner from diversion order by id');
    expect(diversions.rows).toEqual([
      { name: 'third', kind: 'split', domains: [], owner: 'sari' },
      { name: '', kind: 'split', domains: [], owner: 'sari' },
      { name: 'fourth', kind: 'split', domains: [], owner: 'sari' },
    ]);
  } finally {
    await client.end();
    await database.stop();
  }
});
