import { setTimeout } from 'node:timers/promises';
import type { CloudDeps } from '@/lib/cloud/deps';
import {
  type CloudKeys,
  fixedKeys,
  type ReplaceableKeys,
  replaceableKeys,
  writerKeys,
} from '@/lib/cloud/keys';
import { type AccountResolvers, createAccountResolvers } from '@/lib/cloud/probe/account-resolvers';
import { createProber } from '@/lib/cloud/probe/prober';
import { type AccessReport, checkAccess } from '@/lib/cloud/tencent/check-access';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { readIdentity } from '@/lib/cloud/tencent/read-identity';
import type { Database } from '@/lib/db/database';
import type { Prober } from '@/lib/estate/probe';
import { addressOwners } from './address-owners';
import type { WorkerConnection } from './connections';
import { noKeys, unconfirmedKeys } from './worker-secrets';

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
  /**
   * Lets runs use a connection whose keys the cloud has not confirmed: their calls fail with a transient error and are
   * repeated until `put` gives it confirmed ones. Other work leaves it out until then: another worker may have keys.
   */
  readonly putUnconfirmed: (connection: WorkerConnection) => void;
  readonly remove: (connectionId: string) => void;
};

type Entry = WorkerConnection & {
  readonly cloud: WorkerCloud;
  readonly prober: Prober;
  readonly keys: ReplaceableKeys;
  readonly isConfirmed: boolean;
};

/** The time between two questions for the user of a key: until then, its calls count for the key alone. */
const askAgainMs = 30_000;

/** Sleeps without keeping the process alive. */
const sleepInBackground = (ms: number) => setTimeout(ms, undefined, { ref: false });

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
  const isUsable = (id: string) => entries.get(id)?.isConfirmed === true;
  const ids = () => [...entries.keys()].filter(isUsable);
  /** The newest keys of each connection, as they were given. */
  const given = new Map<string, CloudKeys>();
  /**
   * Asks the cloud for the users of a connection's keys, so that its calls share their users' rate limits in this process,
   * too, even if another one syncs the connection. Repeated until it answers, or the keys are replaced. Not awaited: no
   * run may depend on it.
   */
  const askForUsers = async ({ connection }: WorkerConnection, keys: CloudKeys) => {
    const sleep = deps.sleep ?? sleepInBackground;
    const asked = keys.writes() === 'own' ? [keys, writerKeys(keys)] : [keys];
    for (const used of asked)
      while (given.get(connection.id) === keys) {
        try {
          await readIdentity(connection, { ...deps, keys: used });
          break;
        } catch (err) {
          // The sync reports keys that the cloud refuses.
          deps.log.debug({ err, connection: connection.id }, 'the user of a key is not known yet');
          await sleep(askAgainMs);
        }
      }
  };
  const store = ({ connection, isolation }: WorkerConnection, keys: CloudKeys, isConfirmed: boolean) => {
    const known = entries.get(connection.id);
    const isSame =
      known?.connection.name === connection.name &&
      known.connection.regions.join() === connection.regions.join();
    known?.keys.replace(keys);
    // The queue of writes belongs to the adapter: another one is made only if it reads other regions.
    if (known !== undefined && isSame) {
      entries.set(connection.id, { ...known, isConfirmed });
      return;
    }
    const own = known?.keys ?? replaceableKeys(keys);
    const cloud = createTencentCloud(connection, { ...deps, keys: own });
    const findOwner = addressOwners({
      db,
      cloudOf: (id) => use(id).cloud,
      // A plan may span accounts of one cloud.
      connectionIds: () => ids().filter((id) => entries.get(id)?.connection.kind === connection.kind),
    });
    const prober = createProber(connection, cloud, findOwner, (owner, port, isFresh) =>
      use(owner.connectionId ?? connection.id).cloud.portRules(owner, port, isFresh),
    );
    entries.set(connection.id, { connection, isolation, cloud, prober, keys: own, isConfirmed });
  };
  return {
    getCloud: (connectionId) => use(connectionId).cloud,
    getProber: (connectionId) => use(connectionId).prober,
    getResolvers: (connectionId) => createAccountResolvers(use(connectionId).connection),
    has: isUsable,
    ids,
    async checkAccess(connectionId) {
      const { connection, keys } = use(connectionId);
      return checkAccess(connection, { ...deps, keys });
    },
    put(worker, keys = fixedKeys(worker.connection)) {
      store(worker, keys, true);
      given.set(worker.connection.id, keys);
      void askForUsers(worker, keys);
    },
    putUnconfirmed(worker) {
      store(worker, unconfirmedKeys(worker.connection), false);
    },
    remove(connectionId) {
      entries.delete(connectionId);
      given.delete(connectionId);
    },
  };
}
