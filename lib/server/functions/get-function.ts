import 'server-only';
import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { FunctionEventView, FunctionView } from '@/lib/contract/function';
import type { Database } from '@/lib/db/database';
import { deployments, functionChanges } from '@/lib/db/schema';
import { FunctionId } from '@/lib/estate/functions/function-change';
import { listFunctionUses } from '@/lib/estate/functions/function-use';
import { findFunction } from '@/lib/estate/look-up';
import { invariant } from '@/lib/invariant';
import { seeEstate } from '@/lib/server/access/see-estate';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readTestsOfFunction } from '@/lib/store/read-test-invocations';
import { leftKey, readLeftByRuns } from './read-left-by-runs';
import { readProvisionedRoom } from './read-provisioned-room';

/** The number of each kind that a page shows. */
const newestMax = 50;

function toEnd(
  row: Pick<typeof functionChanges.$inferSelect, 'state' | 'version' | 'error'>,
  stage: Extract<FunctionEventView, { state: 'running' }>['stage'],
) {
  if (row.state === 'running') return { state: 'running', stage } as const;
  if (row.state === 'done') return { state: 'done', version: row.version } as const;
  invariant(row.error !== null, 'what has failed has an error');
  return { state: 'failed', error: row.error } as const;
}

async function readHistory(
  db: Database,
  connectionId: string,
  { region, namespace, name }: FunctionId,
): Promise<readonly FunctionEventView[]> {
  const [changed, deployed] = await Promise.all([
    db
      .select()
      .from(functionChanges)
      .where(
        and(
          eq(functionChanges.connectionId, connectionId),
          eq(functionChanges.region, region),
          eq(functionChanges.namespace, namespace),
          eq(functionChanges.name, name),
        ),
      )
      .orderBy(desc(functionChanges.createdAt))
      .limit(newestMax),
    db
      .select()
      .from(deployments)
      .where(
        and(
          eq(deployments.connectionId, connectionId),
          sql`${deployments.spec} @> ${JSON.stringify({ region, namespace, name })}::jsonb`,
        ),
      )
      .orderBy(desc(deployments.createdAt))
      .limit(newestMax),
  ]);
  const events = [
    ...changed.map(
      (row): FunctionEventView => ({
        id: row.id,
        actor: row.actor,
        at: row.createdAt.toISOString(),
        reason: row.reason,
        what: row.change,
        ...toEnd(row, null),
      }),
    ),
    ...deployed.map(
      (row): FunctionEventView => ({
        id: row.id,
        actor: row.actor,
        at: row.createdAt.toISOString(),
        reason: '',
        what: { kind: 'deploy', alias: row.spec.alias ?? null },
        ...toEnd(row, row.stage),
      }),
    ),
  ];
  return events.toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, newestMax);
}

/** Returns the data of a function's page; null if the connection's newest snapshot has no function of this name. */
export const getFunction = query(
  'function.get',
  FunctionId.extend({ connectionId: z.string().max(200) }),
  ({ connectionId, region }) => ({ connections: [connectionId], regions: [region] }),
  async ({ connectionId, ...id }, actor): Promise<FunctionView | null> => {
    const { db } = (await serverContext()).database;
    const newest = await newestEstate(db, connectionId);
    const estate = newest && seeEstate(actor, 'function.get', newest);
    const fn = estate === null ? undefined : findFunction(estate, id);
    if (estate === null || fn === undefined) return null;
    const [history, tests, left] = await Promise.all([
      readHistory(db, connectionId, id),
      readTestsOfFunction(db, connectionId, id),
      readLeftByRuns(db, connectionId),
    ]);
    const uses = listFunctionUses(estate, id);
    return {
      takenAt: estate.takenAt,
      function: fn,
      uses,
      leftBy: uses.length > 0 ? null : (left.get(leftKey(id)) ?? null),
      room: readProvisionedRoom(estate, fn),
      history,
      tests,
    };
  },
);
