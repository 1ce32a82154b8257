import 'server-only';
import { sandboxResets } from '@/lib/db/schema';
import { readConnections } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';

/**
 * Records the actor who replaced the sandbox data, and requests a sync of every sandbox from the worker: the stored
 * snapshots belong to the old data.
 */
export async function recordReset(reset: typeof sandboxResets.$inferInsert): Promise<void> {
  const { database, engine } = await serverContext();
  await database.db.insert(sandboxResets).values(reset);
  const connections = await readConnections();
  for (const { id, kind } of connections) {
    if (kind === 'sandbox') await engine.enqueueSync({ connectionId: id });
  }
}
