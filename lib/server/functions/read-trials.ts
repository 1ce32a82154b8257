import { and, desc, eq, type SQL } from 'drizzle-orm';
import type { TrialView } from '@/lib/client/function-views';
import type { Database } from '@/lib/db/database';
import { functionTrials } from '@/lib/db/schema';
import type { FunctionTrial } from '@/lib/estate/function-trial';
import { invariant } from '@/lib/invariant';

type TrialRow = typeof functionTrials.$inferSelect;

const ofFunction = [
  functionTrials.region,
  functionTrials.namespace,
  functionTrials.name,
  functionTrials.qualifier,
];

function toTrial(row: TrialRow): FunctionTrial {
  const { region, namespace, name, qualifier, version, modifiedAt, calledAt, durationMs, verdict } = row;
  invariant(
    version !== null && modifiedAt !== null && calledAt !== null && durationMs !== null && verdict !== null,
    'a trial with a verdict has been called',
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

function toTrialView(row: TrialRow): TrialView {
  const { id, region, namespace, name, qualifier, actor, createdAt } = row;
  const about = {
    id,
    function: { region, namespace, name, qualifier },
    actor,
    askedAt: createdAt.toISOString(),
  };
  if (row.state === 'running') return { ...about, state: 'running', isCalled: row.calledAt !== null };
  if (row.state === 'failed') {
    invariant(row.error !== null, 'a failed trial has an error');
    return { ...about, state: 'failed', error: row.error };
  }
  const { billedMs, memoryBytes, requestId, excerpt } = row;
  invariant(
    billedMs !== null && memoryBytes !== null && requestId !== null && excerpt !== null,
    'a trial with a verdict has what the cloud said of the call',
  );
  return { ...about, state: 'judged', trial: toTrial(row), billedMs, memoryBytes, requestId, excerpt };
}

/**
 * Returns the newest test invocation of each version and alias of a connection's functions, among those that match a
 * condition.
 */
function selectNewest(db: Pick<Database, 'selectDistinctOn'>, connectionId: string, condition?: SQL) {
  return db
    .selectDistinctOn(ofFunction)
    .from(functionTrials)
    .where(and(eq(functionTrials.connectionId, connectionId), condition))
    .orderBy(...ofFunction, desc(functionTrials.createdAt));
}

/** Returns those with a verdict: checks use these. */
export async function readTrials(
  db: Pick<Database, 'selectDistinctOn'>,
  connectionId: string,
): Promise<readonly FunctionTrial[]> {
  return (await selectNewest(db, connectionId, eq(functionTrials.state, 'judged'))).map(toTrial);
}

/** Returns them whatever their outcome. */
export async function readNewestTrials(
  db: Pick<Database, 'selectDistinctOn'>,
  connectionId: string,
): Promise<readonly TrialView[]> {
  return (await selectNewest(db, connectionId)).map(toTrialView);
}
