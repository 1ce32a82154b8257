import 'server-only';
import { z } from 'zod';
import type { StartSyncAction } from '@/lib/client/actions';
import { ok } from '@/lib/result';
import { serverContext } from './context';
import { findConnection } from './list-connections';
import { refuse, refuseInput } from './refusal';

/** Asks the worker to read the estate anew; one sync of a connection at a time. */
export const startSync = async (input: unknown): ReturnType<StartSyncAction> => {
  const connectionId = z.string().min(1).safeParse(input);
  if (!connectionId.success) return refuseInput(connectionId.error);
  if ((await findConnection(connectionId.data)) === null)
    return refuse('connection.gone', { id: connectionId.data });
  const { engine } = await serverContext();
  await engine.enqueueSync({ connectionId: connectionId.data });
  return ok(null);
};
