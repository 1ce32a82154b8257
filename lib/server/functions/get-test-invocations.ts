import 'server-only';
import { z } from 'zod';
import type { TestInvocationsView } from '@/lib/contract/function';
import { maySee } from '@/lib/server/access/see-estate';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readNewestTestInvocations, readTestInvocations } from '@/lib/store/read-test-invocations';

/** Returns the test invocations of a connection's functions. */
export const getTestInvocations = query(
  'function.listTestInvocations',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId, { access }): Promise<TestInvocationsView> => {
    const { database } = await serverContext();
    const [newest, judged] = await Promise.all([
      readNewestTestInvocations(database.db, connectionId),
      readTestInvocations(database.db, connectionId),
    ]);
    const isSeen = ({ region }: { readonly region: string }) =>
      maySee(access, 'function.listTestInvocations', { connectionId, region });
    return { newest: newest.filter((each) => isSeen(each.function)), judged: judged.filter(isSeen) };
  },
);
