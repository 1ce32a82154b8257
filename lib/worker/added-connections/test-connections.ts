import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { CloudError } from '@/lib/cloud/errors';
import type { Database } from '@/lib/db/database';
import { connectionKeys, connections, connectionTests } from '@/lib/db/schema';
import type { ConnectionAccess } from '@/lib/estate/access/connection-access';
import { storable } from '@/lib/input/outside-text';
import type { Lease } from '@/lib/run/durable/lease';
import type { ConnectionRegistry } from '@/lib/worker/connections/connection-registry';
import type { WorkLoop } from '@/lib/worker/loop/work-loop';

export type ConnectionTestDeps = {
  readonly db: Database;
  readonly registry: Pick<ConnectionRegistry, 'has' | 'checkAccess'>;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly loop: WorkLoop;
  readonly now: () => Date;
};

type WaitingTest = {
  readonly id: string;
  readonly requestedAt: Date;
  readonly problem: string | null;
  /** True if the newest keys are not confirmed yet, and workers still try. */
  readonly isUnverified: boolean;
};

async function listWaiting(db: Database): Promise<readonly WaitingTest[]> {
  return db
    .select({
      id: connectionTests.connectionId,
      requestedAt: connectionTests.requestedAt,
      problem: connections.problem,
      isUnverified: sql<boolean>`${connectionKeys.version} is not null and ${connectionKeys.version} is distinct from ${connections.verifiedVersion}`,
    })
    .from(connectionTests)
    .innerJoin(connections, eq(connections.id, connectionTests.connectionId))
    .leftJoin(connectionKeys, eq(connectionKeys.connectionId, connectionTests.connectionId))
    .where(isNull(connectionTests.finishedAt));
}

/** Runs a test. The cloud's refusals are its result. */
async function run(id: string, { db, registry }: ConnectionTestDeps): Promise<ConnectionAccess> {
  try {
    const report = await registry.checkAccess(id);
    const isSame = and(
      eq(connections.uin, report.accountUin),
      eq(connections.available, true),
      ne(connections.id, id),
    );
    const same = await db.select({ name: connections.name }).from(connections).where(isSame);
    return { kind: 'answered', ...report, sameAccount: same.map(({ name }) => name) };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const { code, message, requestId } = error.data;
    return { kind: 'failed', failure: { code, message, requestId } };
  }
}

/**
 * Creates a round: runs the tests that people have requested, each by one worker. A test of keys that the cloud has refused ends
 * with the reason.
 */
export function connectionTestRounds(deps: ConnectionTestDeps): () => Promise<void> {
  const { db, registry, lease, loop, now } = deps;

  async function finish({ id, requestedAt }: WaitingTest, result: ConnectionAccess): Promise<void> {
    await db
      .update(connectionTests)
      .set({ finishedAt: now(), result: storable(result) })
      // Another test may have been requested meanwhile.
      .where(and(eq(connectionTests.connectionId, id), eq(connectionTests.requestedAt, requestedAt)));
  }

  async function test(waiting: WaitingTest): Promise<boolean> {
    const { id, problem, isUnverified } = waiting;
    if (isUnverified) {
      if (problem === null) return false;
      const failure = { code: null, message: problem, requestId: null };
      await finish(waiting, { kind: 'failed', failure });
      return true;
    }
    if (!registry.has(id)) return false;
    await lease.whileFree(`test:${id}`, async () => finish(waiting, await run(id, deps)));
    return true;
  }

  return async () => loop.each(await listWaiting(db), ({ id }) => `test of connection ${id}`, test);
}
