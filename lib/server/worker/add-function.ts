import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estates } from '@/lib/db/schema';
import type { ScfFunction } from '@/lib/estate/model';

const keyOf = (fn: ScfFunction) => `${fn.region}/${fn.namespace}/${fn.name}`;

/**
 * Adds a function, read afresh after its deployment, to the newest snapshot of a connection: a plan that is made at once
 * must find it. Everything else in the snapshot stays as of its own time.
 */
export async function addFunction(db: Database, connectionId: string, fn: ScfFunction): Promise<void> {
  await db.transaction(async (tx) => {
    const [newest] = await tx
      .select()
      .from(estates)
      .where(eq(estates.connectionId, connectionId))
      .orderBy(desc(estates.id))
      .limit(1)
      // Two deployments that end together must not each write the other's function away.
      .for('update');
    // Before the first sync there is nothing to add to; that sync will read the function itself.
    if (newest === undefined) return;
    const others = newest.estate.functions.filter((known) => keyOf(known) !== keyOf(fn));
    const functions = [...others, fn].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    await tx
      .update(estates)
      .set({ estate: { ...newest.estate, functions } })
      .where(eq(estates.id, newest.id));
  });
}
