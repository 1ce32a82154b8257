import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estates } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';

/** The newest snapshot of a connection; null before the first sync. */
export async function newestEstate(db: Database, connectionId: string): Promise<Estate | null> {
  const [row] = await db
    .select({ estate: estates.estate })
    .from(estates)
    .where(eq(estates.connectionId, connectionId))
    .orderBy(desc(estates.id))
    .limit(1);
  return row?.estate ?? null;
}
