import type { Database } from '@/lib/db/database';
import { connections } from '@/lib/db/schema';
import type { WorkerConnection } from './connections';

/**
 * Stores the displayable data of the accounts that the worker has keys for. An account without keys becomes
 * unavailable; its stored data stays.
 */
export async function storeConnections(db: Database, usable: readonly WorkerConnection[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.update(connections).set({ available: false });
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
