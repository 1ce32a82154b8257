import 'server-only';
import { asc, eq, or } from 'drizzle-orm';
import { z } from 'zod';
import type { ConnectionSettingsList } from '@/lib/contract/connection';
import { connectionKeys, connections, connectionTests } from '@/lib/db/schema';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** Returns the connections with the origin of their keys, but no keys. */
export const listConnectionSettings = query(
  'connection.listSettings',
  z.void(),
  'all',
  async (): Promise<ConnectionSettingsList> => {
    const { db } = (await serverContext()).database;
    const rows = await db
      .select({
        id: connections.id,
        name: connections.name,
        kind: connections.kind,
        uin: connections.uin,
        isConnected: connections.available,
        problem: connections.problem,
        verifiedVersion: connections.verifiedVersion,
        version: connectionKeys.version,
        site: connectionKeys.site,
        regions: connectionKeys.regions,
        writes: connectionKeys.writes,
        readKeyEnd: connectionKeys.readKeyEnd,
        writeKeyEnd: connectionKeys.writeKeyEnd,
        roleArn: connectionKeys.roleArn,
        writeRoleArn: connectionKeys.writeRoleArn,
        roleSession: connectionKeys.roleSession,
        roleExternalId: connectionKeys.roleExternalId,
        roleDurationS: connectionKeys.roleDurationS,
        changedBy: connectionKeys.changedBy,
        changedAt: connectionKeys.changedAt,
        test: connectionTests,
      })
      .from(connections)
      .leftJoin(connectionKeys, eq(connectionKeys.connectionId, connections.id))
      .leftJoin(connectionTests, eq(connectionTests.connectionId, connections.id))
      .where(or(eq(connections.available, true), eq(connectionKeys.connectionId, connections.id)))
      .orderBy(asc(connections.kind), asc(connections.id));
    return {
      hasSandbox: rows.some(({ kind, isConnected }) => kind === 'sandbox' && isConnected),
      connections: rows.map(({ id, name, kind, uin, isConnected, problem, test, ...row }) => ({
        id,
        name,
        kind,
        uin,
        isConnected,
        problem,
        added: toAdded(row),
        test: test && {
          requestedAt: test.requestedAt.toISOString(),
          finishedAt: test.finishedAt?.toISOString() ?? null,
          result: test.result,
        },
      })),
    };
  },
);

/** Returns the columns of an outer join as a view; null if there is no row. */
function toAdded({
  version,
  verifiedVersion,
  site,
  regions,
  writes,
  readKeyEnd,
  writeKeyEnd,
  changedBy,
  changedAt,
  roleArn,
  writeRoleArn,
  roleSession,
  roleExternalId,
  roleDurationS,
}: Readonly<Record<'version' | 'verifiedVersion' | 'roleDurationS', number | null>> &
  Readonly<
    Record<
      | 'readKeyEnd'
      | 'writeKeyEnd'
      | 'changedBy'
      | 'roleArn'
      | 'writeRoleArn'
      | 'roleSession'
      | 'roleExternalId',
      string | null
    >
  > & {
    readonly site: 'mainland' | 'international' | null;
    readonly regions: readonly string[] | null;
    readonly writes: 'none' | 'same' | 'own' | null;
    readonly changedAt: Date | null;
  }): ConnectionSettingsList['connections'][number]['added'] {
  if (site === null || regions === null || writes === null || changedAt === null) return null;
  return {
    site,
    regions,
    writes,
    readKeyEnd: readKeyEnd ?? '',
    writeKeyEnd,
    role:
      roleArn === null
        ? null
        : {
            arn: roleArn,
            writeArn: writeRoleArn,
            session: roleSession ?? '',
            externalId: roleExternalId,
            durationS: roleDurationS ?? 0,
          },
    isVerified: version === verifiedVersion,
    changedBy: changedBy ?? '',
    changedAt: changedAt.toISOString(),
  };
}
