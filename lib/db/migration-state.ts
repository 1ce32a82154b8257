import { sql } from 'drizzle-orm';
import type { Database } from './database';
import journal from './migrations/meta/_journal.json' with { type: 'json' };

/**
 * The creation times of this build's first and newest migration; the database stores the same numbers for the
 * migrations that it has applied.
 */
const times = journal.entries.map(({ when }) => when);
const [baseline, newest] = [Math.min(...times), Math.max(...times)];

/** The schema of a database, compared with this build's. */
export type MigrationState =
  | 'current'
  /** A migration is missing; an empty database has none. */
  | 'behind'
  /** A newer build has migrated it; such migrations keep what older builds use. */
  | 'ahead'
  /** It began with another baseline: this build can neither read nor migrate it. */
  | 'other';

/** Compares the schema of a database with this build's. */
export async function migrationState(db: Pick<Database, 'execute'>): Promise<MigrationState> {
  const known = await db.execute<{ table: string | null }>(
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as table`,
  );
  if (known.rows[0]?.table == null) return 'behind';
  const { rows } = await db.execute<{ first: string | null; last: string | null }>(
    sql`select min(created_at) as first, max(created_at) as last from drizzle.__drizzle_migrations`,
  );
  const [row] = rows;
  if (row === undefined || row.last === null) return 'behind';
  if (Number(row.first) !== baseline) return 'other';
  const last = Number(row.last);
  if (last === newest) return 'current';
  return last < newest ? 'behind' : 'ahead';
}
