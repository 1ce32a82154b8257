import 'server-only';
import { z } from 'zod';
import { maySee } from '@/lib/server/access/see-estate';
import { query } from '@/lib/server/verb';
import { readConnections } from '@/lib/store/connections/read-connections';

/** Returns the accounts that the worker has keys for and that the actor may see, sandbox first. */
export const listConnections = query('connection.list', z.void(), 'all', async (_input, { access }) => {
  const known = await readConnections();
  return known.filter(({ id }) => maySee(access, 'connection.list', { connectionId: id }));
});
