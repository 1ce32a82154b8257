import 'server-only';
import { readConnections } from '@/lib/server/connections/list-connections';
import { serverContext } from '@/lib/server/context';

/**
 * Requests a sync of every sandbox from the worker: its data was replaced, so the stored snapshots belong to other
 * data.
 */
export async function syncSandboxes(): Promise<void> {
  const { engine } = await serverContext();
  const connections = await readConnections();
  for (const { id, kind } of connections) {
    if (kind === 'sandbox') await engine.enqueueSync({ connectionId: id });
  }
}
