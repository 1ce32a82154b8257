import { sql } from 'drizzle-orm';
import type { Database } from './database';
import journal from './migrations/meta/_journal.json' with { type: 'json' };

/** When this build's newest migration was made; the database keeps the same number of each that it went through. */
const newest = Math.max(...journal.entries.map(({ when }) => when));

/**
 * Whether a database has this build's schema: `current`, `behind` (a migration is missing), or `ahead` (a newer build has
 * migrated it; such migrations leave what older builds use).
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
