import 'server-only';
import { serverContext } from './context';
import { listConnections } from './list-connections';

/** Asks the worker to sync every sandbox: its data was replaced, so that the stored snapshots are of other data. */
export async function syncSandboxes(): Promise<void> {
  const { engine } = await serverContext();
  const connections = await listConnections();
  for (const { id, kind } of connections) {
    if (kind === 'sandbox') await engine.enqueueSync({ connectionId: id });
  }
}
