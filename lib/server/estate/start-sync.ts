'use server';

import { z } from 'zod';
import type { StartSyncAction } from '@/lib/contract/connection';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';

/** Requests a sync from the worker; one sync of a connection at a time. */
export const startSync = verb(
  'estate.sync',
  z.string().min(1),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId): ReturnType<StartSyncAction> => {
    if ((await findConnection(connectionId)) === null) return refuse('connection.gone', { id: connectionId });
    const { engine } = await serverContext();
    await engine.enqueueSync({ connectionId });
    return ok(null);
  },
);
