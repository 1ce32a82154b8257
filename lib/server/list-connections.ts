import 'server-only';
import { asc } from 'drizzle-orm';
import type { ConnectionView } from '@/lib/client/views';
import { connections } from '@/lib/db/schema';
import { serverContext } from './context';

/** The accounts that the worker has keys for, sandbox first. */
export async function listConnections(): Promise<readonly ConnectionView[]> {
  const { database } = await serverContext();
  return database.db.select().from(connections).orderBy(asc(connections.kind), asc(connections.id));
}

/** One connection by id; null if there is none. */
export async function findConnection(connectionId: string): Promise<ConnectionView | null> {
  const all = await listConnections();
  return all.find((connection) => connection.id === connectionId) ?? null;
}
