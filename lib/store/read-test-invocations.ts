import { and, desc, eq, type SQL } from 'drizzle-orm';
import type { TestInvocationView } from '@/lib/contract/function';
import type { Database } from '@/lib/db/database';
import { testInvocations } from '@/lib/db/schema';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import { invariant } from '@/lib/invariant';

type TestInvocationRow = typeof testInvocations.$inferSelect;

const ofFunction = [
  testInvocations.region,
  testInvocations.namespace,
  testInvocations.name,
  testInvocations.qualifier,
];

function toTestInvocation(row: TestInvocationRow): TestInvocation {
  const { region, namespace, name, qualifier, version, modifiedAt, calledAt, durationMs, verdict } = row;
  invariant(
    version !== null && modifiedAt !== null && calledAt !== null && durationMs !== null && verdict !== null,
    'a test invocation with a verdict has been called',
  );
  return {
    region,
    namespace,
    name,
    qualifier,
    version,
    modifiedAt,
    durationMs,
    verdict,
    at: calledAt.toISOString(),
  };
}

function toTestInvocationView(row: TestInvocationRow): TestInvocationView {
  const { id, region, namespace, name, qualifier, method, actor, createdAt } = row;
  const about = {
    id,
    function: { region, namespace, name, qualifier },
    method,
    actor,
    askedAt: createdAt.toISOString(),
  };
  if (row.state === 'running') return { ...about, state: 'running', isCalled: row.calledAt !== null };
  if (row.state === 'failed') {
    invariant(row.error !== null, 'a failed test invocation has an error');
    return { ...about, state: 'failed', error: row.error };
  }
  const { billedMs, memoryBytes, requestId, excerpt } = row;
  invariant(
    billedMs !== null && memoryBytes !== null && requestId !== null && excerpt !== null,
    "a test invocation with a verdict has the cloud's report of the call",
  );
  return {
    ...about,
    state: 'judged',
    testInvocation: toTestInvocation(row),
    billedMs,
    memoryBytes,
    requestId,
    excerpt,
  };
}

/**
 * Returns the newest test invocation of each version and alias of a connection's functions that matches a condition.
 */
function selectNewest(db: Pick<Database, 'selectDistinctOn'>, connectionId: string, condition?: SQL) {
  return db
    .selectDistinctOn(ofFunction)
    .from(testInvocations)
    .where(and(eq(testInvocations.connectionId, connectionId), condition))
    .orderBy(...ofFunction, desc(testInvocations.createdAt));
}

/** Returns the newest GET invocations with a verdict, which checks use. */
export async function readTestInvocations(
  db: Pick<Database, 'selectDistinctOn'>,
  connectionId: string,
): Promise<readonly TestInvocation[]> {
  return (
    await selectNewest(
      db,
      connectionId,
      and(eq(testInvocations.state, 'judged'), eq(testInvocations.method, 'GET')),
    )
  ).map(toTestInvocation);
}

/** Returns the newest invocations regardless of outcome. */
export async function readNewestTestInvocations(
  db: Pick<Database, 'selectDistinctOn'>,
  connectionId: string,
): Promise<readonly TestInvocationView[]> {
  return (await selectNewest(db, connectionId)).map(toTestInvocationView);
}

/** The number on a function's page. */
const shownMax = 20;

/** Returns the newest test invocations of a function, newest first. */
export async function readTestsOfFunction(
  db: Pick<Database, 'select'>,
  connectionId: string,
  { region, namespace, name }: FunctionId,
): Promise<readonly TestInvocationView[]> {
  const rows = await db
    .select()
    .from(testInvocations)
    .where(
      and(
        eq(testInvocations.connectionId, connectionId),
        eq(testInvocations.region, region),
        eq(testInvocations.namespace, namespace),
        eq(testInvocations.name, name),
      ),
    )
    .orderBy(desc(testInvocations.createdAt))
    .limit(shownMax);
  return rows.map(toTestInvocationView);
}
