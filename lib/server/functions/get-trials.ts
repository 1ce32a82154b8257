import 'server-only';
import type { TrialsView } from '@/lib/client/function-views';
import { serverContext } from '@/lib/server/context';
import { readNewestTrials, readTrials } from './read-trials';

/** Returns the test invocations of a connection's functions. */
export async function getTrials(connectionId: string): Promise<TrialsView> {
  const { database } = await serverContext();
  const [newest, judged] = await Promise.all([
    readNewestTrials(database.db, connectionId),
    readTrials(database.db, connectionId),
  ]);
  return { newest, judged };
}
