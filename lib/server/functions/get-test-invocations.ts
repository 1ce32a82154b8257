import 'server-only';
import type { TestInvocationsView } from '@/lib/client/function-views';
import { serverContext } from '@/lib/server/context';
import { readNewestTestInvocations, readTestInvocations } from './read-test-invocations';

/** Returns the test invocations of a connection's functions. */
export async function getTestInvocations(connectionId: string): Promise<TestInvocationsView> {
  const { database } = await serverContext();
  const [newest, judged] = await Promise.all([
    readNewestTestInvocations(database.db, connectionId),
    readTestInvocations(database.db, connectionId),
  ]);
  return { newest, judged };
}
