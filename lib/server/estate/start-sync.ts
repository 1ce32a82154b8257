import 'server-only';
import { z } from 'zod';
import type { StartSyncAction } from '@/lib/client/actions';
import { ok } from '@/lib/result';
import { findConnection } from '@/lib/server/connections/list-connections';
import { serverContext } from '@/lib/server/context';
import { parseInput } from '@/lib/server/parse-input';
import { refuse } from '@/lib/server/refusal';

/** Requests a new sync from the worker; one sync of a connection at a time. */
export const startSync = async (input: unknown): ReturnType<StartSyncAction> => {
  const connectionId = parseInput(z.string().min(1), input);
  if (!connectionId.ok) return connectionId;
  if ((await findConnection(connectionId.value)) === null)
    return refuse('connection.gone', { id: connectionId.value });
  const { engine } = await serverContext();
  await engine.enqueueSync({ connectionId: connectionId.value });
  return ok(null);
};
