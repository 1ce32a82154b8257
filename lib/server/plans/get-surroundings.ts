import 'server-only';
import type { Surroundings } from '@/lib/preflight/model/circumstances';
import { serverContext } from '@/lib/server/context';
import { readCircumstances } from './read-circumstances';

/**
 * Returns the current surroundings of a plan that is being created on a connection.
 * @param connections the further connections that it spans
 */
export async function getSurroundings(
  connectionId: string,
  connections: readonly string[] = [],
): Promise<Surroundings> {
  const { database, settings } = await serverContext();
  const { now, others, maxSharePercent } = await readCircumstances(database.db, {
    connectionId,
    connections,
    span: null,
    maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
    others: { kind: 'all', ownName: null },
  });
  return { now, others, maxSharePercent };
}
