import { sql } from 'drizzle-orm';
import type { Database } from './database';
import journal from './migrations/meta/_journal.json' with { type: 'json' };

/**
 * The creation time of this build's newest migration; the database stores the same number for each migration that it
 * has applied.
 */
const newest = Math.max(...journal.entries.map(({ when }) => when));

/**
 * Compares a database with this build's schema: `current`, `behind` (a migration is missing), or `ahead` (a newer build
 * has migrated it; such migrations keep what older builds use).
 */
export async function migrationState(db: Database): Promise<'current' | 'behind' | 'ahead'> {
  const known = await db.execute<{ table: string | null }>(
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as table`,
  );
  if (known.rows[0]?.table == null) return 'behind';
  const { rows } = await db.execute<{ last: string | null }>(
    sql`select max(created_at) as last from drizzle.__drizzle_migrations`,
  );
  const last = Number(rows[0]?.last ?? 0);
  if (last === newest) return 'current';
  return last < newest ? 'behind' : 'ahead';
}
