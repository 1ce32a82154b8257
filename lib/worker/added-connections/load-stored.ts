import { eq, sql } from 'drizzle-orm';
import type { CloudConnection } from '@/lib/cloud/connection';
import type { CloudDeps } from '@/lib/cloud/deps';
import { CloudError } from '@/lib/cloud/errors';
import { CloudKey, type CloudKeys, fixedKeys, separateKeys, writerKeys } from '@/lib/cloud/keys';
import { readIdentity } from '@/lib/cloud/tencent/read-identity';
import { roleKeys } from '@/lib/cloud/tencent/sts/assume-role';
import type { Database } from '@/lib/db/database';
import { connectionKeys, connections } from '@/lib/db/schema';
import { sealingContext } from '@/lib/db/sealing-keys';
import { storableText } from '@/lib/input/outside-text';
import { SealedTextError } from '@/lib/sealed-box';
import type { ConnectionRegistry } from '@/lib/worker/connections/connection-registry';
import {
  addedConnection,
  type SandboxFacts,
  type WorkerConnection,
} from '@/lib/worker/connections/connections';
import { StoredValueError, type WorkLoop } from '@/lib/worker/loop/work-loop';
import type { KeyRing } from './key-ring';

export type StoredConnectionDeps = {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly registry: ConnectionRegistry;
  /** Null if no sandbox runs. */
  readonly sandbox: SandboxFacts | null;
  readonly cloud: Omit<CloudDeps, 'keys'>;
  readonly loop: WorkLoop;
  /** Gets each value that no log may show, before it is used. */
  readonly hide: (secrets: readonly string[]) => void;
  /** Called when a connection can be used: for the first time, and after each change. */
  readonly onReady: (connectionId: string) => Promise<void>;
};

const shownColumns = {
  name: connections.name,
  kind: connections.kind,
  uin: connections.uin,
  verifiedVersion: connections.verifiedVersion,
};

type Stored = {
  readonly keys: typeof connectionKeys.$inferSelect;
  readonly shown: Pick<typeof connections.$inferSelect, keyof typeof shownColumns>;
};

type Opened = { readonly worker: WorkerConnection; readonly keys: CloudKeys };

/** Returns the role that the keys of a connection assume; null = none. */
function toRole(arn: string | null, { roleSession, roleExternalId, roleDurationS }: Stored['keys']) {
  return arn === null
    ? null
    : {
        arn,
        session: roleSession ?? 'spillway',
        externalId: roleExternalId,
        durationS: roleDurationS ?? 7200,
      };
}

/** Opens the keys of a connection. */
function open({ keys, shown }: Stored, { keys: ring, sandbox, hide, cloud }: StoredConnectionDeps): Opened {
  const { connectionId: id, sealedRead, sealedWrite, writes, site, regions, roleArn, writeRoleArn } = keys;
  if (shown.kind === 'sandbox' && sandbox === null)
    throw new StoredValueError(
      'This worker runs without a sandbox. Remove the connection, or start the sandbox.',
    );
  const openKey = (sealed: string, use: 'read' | 'write') =>
    CloudKey.parse(JSON.parse(ring.open(sealed, sealingContext.connection(id, use))));
  const read = openKey(sealedRead, 'read');
  const own = sealedWrite === null ? null : openKey(sealedWrite, 'write');
  hide([read, own].flatMap((key) => (key === null ? [] : [key.secretId, key.secretKey])));
  const account = { id, name: shown.name, site, regions, ...read };
  const worker = addedConnection(account, shown.kind, sandbox);
  const signer = (key: CloudKey, arn: string | null): CloudKeys => {
    const role = toRole(arn, keys);
    const base = fixedKeys(key);
    if (role === null) return base;
    return roleKeys(worker.connection, base, role, cloud, (temporary) => hide(Object.values(temporary)));
  };
  const reader = signer(read, roleArn);
  const isSame = writes === 'same' && writeRoleArn === null;
  const writeBase = writes === 'same' ? read : own;
  const writer = isSame ? reader : writeBase && signer(writeBase, writeRoleArn ?? roleArn);
  return { worker, keys: separateKeys(shown.name, reader, writer) };
}

/**
 * Returns the account of a connection's keys, as the cloud confirms it: keys of another account must not change what this
 * connection has planned.
 * @throws StoredValueError if they belong to another account than before, or to two accounts
 */
async function verifyAccount(
  connection: CloudConnection,
  keys: CloudKeys,
  known: string | null,
  deps: StoredConnectionDeps,
): Promise<string> {
  const { accountUin: uin } = await readIdentity(connection, { ...deps.cloud, keys });
  const forWrites = { ...deps.cloud, keys: writerKeys(keys) };
  const writer = keys.writes() === 'own' ? await readIdentity(connection, forWrites) : null;
  const writes = writer?.accountUin ?? uin;
  if (writes !== uin)
    throw new StoredValueError(
      `The key for reads belongs to account ${uin}, and the key for changes to ${writes}. Enter keys of one account.`,
    );
  if (known !== null && known !== uin)
    throw new StoredValueError(
      `The new key belongs to account ${uin}, and this connection to ${known}. Enter a key of ${known}, or add another connection.`,
    );
  return uin;
}

const whatToDo = 'Restore the private key (sealing-keys.json), or rotate the keys of the connection.';

/** Returns the reason why keys can't be used, in words that may be shown; null = an error of our own. */
function describeProblem(error: unknown): string | null {
  if (error instanceof SealedTextError) return `Its keys can't be opened: ${error.message}. ${whatToDo}`;
  if (error instanceof CloudError) return `${error.data.code}: ${error.data.message}`;
  return error instanceof StoredValueError ? error.message : null;
}

/** `start`: without asking the cloud, which may not answer. */
type RoundScope = 'start' | 'all';

/**
 * Creates a round that uses the connections that people have added or changed since the last one, and stops using those
 * that they have removed. A new connection, and one with new keys, makes it wait for the cloud. At the start, the first
 * is left out, which no run can have, and runs repeat the calls of the other.
 */
export function storedConnectionRounds(deps: StoredConnectionDeps): (scope?: RoundScope) => Promise<void> {
  const { db, registry, loop, sandbox, onReady } = deps;
  /** Null = its keys are not confirmed. */
  const versions = new Map<string, number | null>();

  async function load(stored: Stored, scope: RoundScope): Promise<boolean> {
    const { connectionId: id, version } = stored.keys;
    if (versions.get(id) === version) return false;
    const { kind, uin: known, verifiedVersion } = stored.shown;
    const mine = eq(connections.id, id);
    // It may have been changed or removed meanwhile.
    const isNewest = sql`exists (select from ${connectionKeys} where ${connectionKeys.connectionId} = ${id} and ${connectionKeys.version} = ${version})`;
    try {
      const { worker, keys } = open(stored, deps);
      const isVerified = verifiedVersion === version;
      if (!isVerified && scope === 'start') {
        registry.putUnconfirmed(worker);
        versions.set(id, null);
        return false;
      }
      const uin = isVerified ? known : await verifyAccount(worker.connection, keys, known, deps);
      const { portOffset, isolation } = sandbox ?? { portOffset: 0, isolation: null };
      const facts = kind === 'sandbox' ? { portOffset, isolation } : {};
      const shown = { uin, verifiedVersion: version, available: true, problem: null, ...facts };
      const set = await db
        .update(connections)
        .set(shown)
        .where(sql`${mine} and ${isNewest}`)
        .returning({ id: connections.id });
      if (set.length === 0) return false;
      registry.put(worker, keys);
    } catch (error) {
      const problem = describeProblem(error);
      // Another worker may have confirmed them.
      if (problem !== null)
        await db
          .update(connections)
          .set({ problem: storableText(problem) })
          .where(sql`${mine} and ${isNewest} and ${connections.verifiedVersion} is distinct from ${version}`);
      throw error instanceof SealedTextError && problem !== null ? new StoredValueError(problem) : error;
    }
    versions.set(id, version);
    await onReady(id);
    return true;
  }

  return async (scope = 'all') => {
    const rows = await db
      .select({ keys: connectionKeys, shown: shownColumns })
      .from(connectionKeys)
      .innerJoin(connections, eq(connections.id, connectionKeys.connectionId));
    const ids = new Set(rows.map(({ keys }) => keys.connectionId));
    for (const id of [...versions.keys()].filter((each) => !ids.has(each))) {
      registry.remove(id);
      versions.delete(id);
    }
    const due = scope === 'all' ? rows : rows.filter(({ shown }) => shown.verifiedVersion !== null);
    await loop.each(
      due,
      ({ keys }) => `connection ${keys.connectionId}`,
      (stored) => load(stored, scope),
    );
  };
}

/** The time between two rounds, in ms. */
const pollMs = 2000;

/** Repeats a round every two seconds as long as the process lives; a failed one is retried. */
export function startConnections(round: () => Promise<void>, onError: (error: unknown) => void): void {
  const next = () => {
    setTimeout(() => void round().catch(onError).finally(next), pollMs).unref();
  };
  next();
}
