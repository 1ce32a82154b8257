import 'server-only';
import type { PolicyView } from '@/lib/client/views';
import { serverContext } from '@/lib/server/context';
import { readPolicies } from './read-policies';

/** Returns the policies for all plans, by kind of connection. */
export async function listPolicies(): Promise<readonly PolicyView[]> {
  const { database } = await serverContext();
  return readPolicies(database.db);
}
