import 'server-only';
import type { FreezeView } from '@/lib/client/views';
import { serverContext } from '@/lib/server/context';
import { readFreezes } from './read-freezes';

/** Returns all change freezes, in the order in which they were created. */
export async function listFreezes(): Promise<readonly FreezeView[]> {
  const { database } = await serverContext();
  return readFreezes(database.db);
}
