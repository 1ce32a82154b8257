import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connectionKeys, connections } from '@/lib/db/schema';
import type { WorkerConnection } from './connections';

/**
 * Stores the displayable data of the accounts that the worker's environment has keys for. An account of an environment
 * without keys becomes unavailable; its stored data stays. Those that people have added are not changed.
 */
export async function storeConnections(db: Database, usable: readonly WorkerConnection[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(connections)
      .set({ available: false })
      .where(
        sql`not exists (select from ${connectionKeys} where ${connectionKeys.connectionId} = ${connections.id})`,
      );
    for (const { connection, isolation } of usable) {
      const { id, name, kind, portOffset, expiresAt } = connection;
      const keysExpireAt = expiresAt === null ? null : new Date(expiresAt);
      const shown = { name, kind, portOffset, isolation, keysExpireAt, available: true };
      await tx
        .insert(connections)
        .values({ id, ...shown })
        .onConflictDoUpdate({ target: connections.id, set: shown });
    }
  });
}
