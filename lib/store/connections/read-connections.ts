import 'server-only';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { ConnectionView } from '@/lib/contract/connection';
import type { Database } from '@/lib/db/database';
import { connections } from '@/lib/db/schema';
import { serverContext } from '@/lib/store/context';
import { shareRead } from '@/lib/store/share-read';
import { sandboxDial } from './call-control-api';

const view = {
  id: connections.id,
  name: connections.name,
  kind: connections.kind,
  uin: connections.uin,
  portOffset: connections.portOffset,
  isolation: connections.isolation,
};

/** Reads the accounts that the worker has keys for, sandbox first. */
export const readConnections = shareRead(async (): Promise<readonly ConnectionView[]> => {
  const { database } = await serverContext();
  const found = await database.db
    .select(view)
    .from(connections)
    .where(eq(connections.available, true))
    .orderBy(asc(connections.kind), asc(connections.id));
  const dial = await sandboxDial();
  if (dial === null) return found;
  return found.map((connection) => (connection.kind === 'sandbox' ? { ...connection, dial } : connection));
});

/**
 * Returns one of the accounts that the worker has keys for; null if it has none for this id.
 * @param db the caller's transaction, if any: transactions that wait for it may hold all other connections of the pool
 */
export async function findConnection(
  connectionId: string,
  db?: Pick<Database, 'select'>,
): Promise<ConnectionView | null> {
  const [found] = await (db ?? (await serverContext()).database.db)
    .select(view)
    .from(connections)
    .where(and(eq(connections.available, true), eq(connections.id, connectionId)));
  return found ?? null;
}

/**
 * Returns those of these accounts that no worker has keys for, as `name (id)`, or by id alone if nothing is stored of
 * one.
 */
export async function listDisconnected(
  db: Pick<Database, 'select'>,
  connectionIds: readonly [string, ...string[]],
): Promise<readonly string[]> {
  const stored = await db
    .select({ id: connections.id, name: connections.name, isConnected: connections.available })
    .from(connections)
    .where(inArray(connections.id, connectionIds));
  return connectionIds.flatMap((id) => {
    const found = stored.find((each) => each.id === id);
    if (found === undefined) return id;
    return found.isConnected ? [] : `${found.name} (${id})`;
  });
}
