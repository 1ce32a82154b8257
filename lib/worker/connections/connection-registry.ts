import type { CloudDeps } from '@/lib/cloud/deps';
import { type CloudKeys, fixedKeys, type ReplaceableKeys, replaceableKeys } from '@/lib/cloud/keys';
import { type AccountResolvers, createAccountResolvers } from '@/lib/cloud/probe/account-resolvers';
import { createProber } from '@/lib/cloud/probe/prober';
import { type AccessReport, checkAccess } from '@/lib/cloud/tencent/check-access';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Database } from '@/lib/db/database';
import type { Prober } from '@/lib/estate/probe';
import { addressOwners } from './address-owners';
import type { WorkerConnection } from './connections';
import { noKeys } from './worker-secrets';

type WorkerCloud = ReturnType<typeof createTencentCloud>;

/** The accounts that a worker can use now. The adapter and the prober of one without keys throw. */
export type ConnectionRegistry = {
  readonly getCloud: (connectionId: string) => WorkerCloud;
  readonly getProber: (connectionId: string) => Prober;
  /** Returns the resolvers of an account. */
  readonly getResolvers: (connectionId: string) => AccountResolvers;
  /** Returns whether this worker has keys for a connection. */
  readonly has: (connectionId: string) => boolean;
  readonly ids: () => readonly string[];
  /** Asks the cloud whom the keys belong to, and what they may do. */
  readonly checkAccess: (connectionId: string) => Promise<AccessReport>;
  /**
   * Adds a connection, or changes it. Runs that use it continue with the new keys from their next call on.
   * @param keys its own by default
   */
  readonly put: (connection: WorkerConnection, keys?: CloudKeys) => void;
  readonly remove: (connectionId: string) => void;
};

type Entry = WorkerConnection & {
  readonly cloud: WorkerCloud;
  readonly prober: Prober;
  readonly keys: ReplaceableKeys;
};

/** Creates an empty registry. */
export function createConnectionRegistry({
  db,
  ...deps
}: Omit<CloudDeps, 'keys'> & { readonly db: Database }): ConnectionRegistry {
  const entries = new Map<string, Entry>();
  const use = (connectionId: string) => {
    const found = entries.get(connectionId);
    if (found === undefined) throw noKeys(connectionId);
    return found;
  };
  const ids = () => [...entries.keys()];
  return {
    getCloud: (connectionId) => use(connectionId).cloud,
    getProber: (connectionId) => use(connectionId).prober,
    getResolvers: (connectionId) => createAccountResolvers(use(connectionId).connection),
    has: (connectionId) => entries.has(connectionId),
    ids,
    async checkAccess(connectionId) {
      const { connection, keys } = use(connectionId);
      return checkAccess(connection, { ...deps, keys });
    },
    put({ connection, isolation }, keys = fixedKeys(connection)) {
      const known = entries.get(connection.id);
      const isSame =
        known?.connection.name === connection.name &&
        known.connection.regions.join() === connection.regions.join();
      known?.keys.replace(keys);
      // The queue of writes belongs to the adapter: another one is made only if it reads other regions.
      if (known !== undefined && isSame) return;
      const own = known?.keys ?? replaceableKeys(keys);
      const cloud = createTencentCloud(connection, { ...deps, keys: own });
      const findOwner = addressOwners({
        db,
        cloudOf: (id) => use(id).cloud,
        // A plan may span accounts of one cloud.
        connectionIds: () => ids().filter((id) => entries.get(id)?.connection.kind === connection.kind),
      });
      const prober = createProber(connection, cloud, findOwner);
      entries.set(connection.id, { connection, isolation, cloud, prober, keys: own });
    },
    remove: (connectionId) => void entries.delete(connectionId),
  };
}
