import { CloudConnection } from '@/lib/cloud/connection';
import type { CloudDeps } from '@/lib/cloud/deps';
import type { Cloud } from '@/lib/cloud/port';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { CopiedEstate } from '@/lib/rehearsal/copy/copy-estate';
import type { ControlPlane } from '@/lib/sandbox/control-plane';

/** Returns the connections to the accounts of a copied snapshot. */
export function copiedConnections(
  plane: Pick<ControlPlane, 'api' | 'store'>,
  { accounts }: Pick<CopiedEstate, 'accounts'>,
  { regions }: Pick<Estate, 'regions'>,
  more: Partial<CloudConnection> = {},
): readonly CloudConnection[] {
  return accounts.map(({ connectionId, uin }) =>
    CloudConnection.parse({
      id: connectionId,
      name: 'rehearsal',
      kind: 'sandbox',
      endpoint: plane.api,
      regions,
      ...plane.store.secrets.keyOf(uin),
      dns: null,
      portOffset: 0,
      ...more,
    }),
  );
}

/** Creates adapters, as a worker process has them after its start: without queues and limits of an earlier one. */
export function createAdapters(
  connections: readonly CloudConnection[],
  deps: CloudDeps,
): (connectionId: string) => Cloud {
  const clouds = new Map(
    connections.map((connection) => [String(connection.id), createTencentCloud(connection, deps)]),
  );
  return (connectionId) => {
    const cloud = clouds.get(connectionId);
    invariant(cloud !== undefined, `the snapshot has the connection ${connectionId}`);
    return cloud;
  };
}
