import type { Database } from '@/lib/db/database';
import { connections } from '@/lib/db/schema';

/**
 * Returns the ids of all connections of the account that a connection belongs to, with its own. A connection whose account
 * is not known yet is alone.
 */
export type AccountConnections = (connectionId: string) => readonly string[];

/**
 * Reads which connections belong to one account: two connections may use different keys of it, and then have the same
 * objects. Removed connections count, since their plans stay. Accounts of the sandbox are none of the cloud's.
 */
export async function readAccountConnections(db: Database): Promise<AccountConnections> {
  const { id, kind, uin } = connections;
  const rows = await db.select({ id, kind, uin }).from(connections).orderBy(id);
  return (connectionId) => {
    const own = rows.find((row) => row.id === connectionId);
    if (own === undefined || own.uin === null) return [connectionId];
    return rows.filter((row) => row.kind === own.kind && row.uin === own.uin).map((row) => row.id);
  };
}
