import 'server-only';
import type { ActionError } from '@/lib/contract/answer';
import type { ConnectionView } from '@/lib/contract/connection';
import { ok, type Result } from '@/lib/result';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { refuseFields } from '@/lib/store/refusal';

/**
 * Checks that a diversion may span these connections: the worker has their keys, they have been synced, all are of one
 * cloud, and no two belong to one account, whose objects would count twice.
 */
export async function checkConnections(
  own: Pick<ConnectionView, 'id' | 'kind' | 'uin'>,
  others: readonly string[],
): Promise<Result<null, ActionError>> {
  const { database } = await serverContext();
  const problems: string[] = [];
  const uins = new Set([own.uin]);
  for (const id of others) {
    const connection = await findConnection(id);
    if (connection === null) problems.push('connections.gone');
    else if (connection.kind !== own.kind) problems.push('connections.otherKind');
    else if (connection.uin !== null && uins.has(connection.uin)) problems.push('connections.sameAccount');
    else if ((await newestEstate(database.db, id)) === null) problems.push('connections.neverRead');
    uins.add(connection?.uin ?? null);
  }
  return problems.length === 0 ? ok(null) : refuseFields({ connections: [...new Set(problems)] });
}
