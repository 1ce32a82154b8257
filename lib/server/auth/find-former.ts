import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { formerPeople } from '@/lib/db/schema';

/** Returns the removed account that last had an address; null = none had it. */
export async function findFormer(db: Pick<Database, 'select'>, email: string) {
  const [former] = await db
    .select()
    .from(formerPeople)
    .where(eq(formerPeople.email, email))
    .orderBy(desc(formerPeople.removedAt))
    .limit(1);
  return former ?? null;
}
