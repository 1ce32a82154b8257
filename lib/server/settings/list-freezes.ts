import 'server-only';
import { z } from 'zod';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readFreezes } from '@/lib/store/settings/read-freezes';

/** Returns all change freezes, in the order in which they were created. */
export const listFreezes = query('changeFreeze.list', z.void(), 'all', async () =>
  readFreezes((await serverContext()).database.db),
);
