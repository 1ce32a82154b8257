import 'server-only';
import { z } from 'zod';
import type { TestInvocationsView } from '@/lib/client/function-views';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';
import { readNewestTestInvocations, readTestInvocations } from './read-test-invocations';

/** Returns the test invocations of a connection's functions. */
export const getTestInvocations = query(
  'function.listTestInvocations',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId): Promise<TestInvocationsView> => {
    const { database } = await serverContext();
    const [newest, judged] = await Promise.all([
      readNewestTestInvocations(database.db, connectionId),
      readTestInvocations(database.db, connectionId),
    ]);
    return { newest, judged };
  },
);
