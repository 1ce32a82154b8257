import type { CloudConnection } from '../connection';
import type { CloudDeps } from '../deps';
import { createCaller } from './call/caller';
import { readCaller } from './sts/api';
import type { CallerIdentity } from './sts/convert';

/**
 * Asks the cloud whom the keys of a connection belong to.
 * @param deps with the keys; by default the connection's own
 * @throws CloudError if it refuses them, or does not answer
 */
export function readIdentity(connection: CloudConnection, deps: CloudDeps): Promise<CallerIdentity> {
  return readCaller(createCaller(connection, deps), connection.regions[0] ?? 'ap-guangzhou');
}
