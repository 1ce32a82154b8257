import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { groupBy } from '@/lib/estate/look-up';
import { planHash } from '@/lib/plan/model/hash';
import type { RunRecord, StoredRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { isOpenRun, runsWithStateEvent } from './last-state-events';

/** Reads a run with its journal; null if it does not exist. */
export async function loadRun(db: Database, runId: RunId): Promise<StoredRun | null> {
  const [run] = await read(db, [runId], 'all');
  return run === undefined
    ? null
    : { ...run.record, isIntact: (await planHash(run.record.plan)) === run.hash };
}

/**
 * Reads runs with all events that determine their state: all but the rounds of measurements, which a cutover in effect
 * writes every few seconds and only its own page shows. A fixed number of queries for any number of runs.
 * @returns in the order of the ids; unknown ids are left out
 */
export async function loadRuns(db: Database, runIds: readonly RunId[]): Promise<readonly RunRecord[]> {
  return (await read(db, runIds, 'unmeasured')).map(({ record }) => record);
}

/** A run, and the reviewed hash of its plan. */
type Read = { readonly record: RunRecord; readonly hash: string };

async function read(
  db: Database,
  runIds: readonly RunId[],
  which: 'all' | 'unmeasured',
): Promise<readonly Read[]> {
  if (runIds.length === 0) return [];
  const ids = [...runIds];
  const isRead = inArray(runEvents.runId, ids);
  const found = await db
    .select({
      id: runs.id,
      planId: plans.id,
      plan: plans.plan,
      hash: plans.hash,
      cutover: runs.cutover,
      guards: runs.guards,
      connectionKind: connections.kind,
    })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(inArray(runs.id, ids));
  const attempts = await db
    .select()
    .from(runAttempts)
    .where(inArray(runAttempts.runId, ids))
    .orderBy(asc(runAttempts.attempt));
  // Aggregated in PostgreSQL, so that thousands of rows need no parsing here.
  const events = await db
    .select({
      runId: runEvents.runId,
      events: sql<readonly RunEvent[]>`jsonb_agg(${runEvents.event} order by ${runEvents.id})`,
    })
    .from(runEvents)
    .where(which === 'all' ? isRead : and(isRead, sql`${runEvents.event}->>'type' <> 'watched'`))
    .groupBy(runEvents.runId);
  const attemptsOf = groupBy(attempts, ({ runId }) => [runId]);
  const eventsOf = new Map(events.map((row) => [row.runId, row.events]));
  const byId = new Map(
    found.map(({ id, planId, plan, hash, cutover, guards, connectionKind }): [string, Read] => {
      const record = {
        id,
        planId,
        plan,
        cutover,
        guards: cutover?.guards ?? guards,
        connectionKind,
        attempts: (attemptsOf.get(id) ?? []).map(({ requestedAt, runId: _, ...attempt }) => ({
          ...attempt,
          requestedAt: requestedAt.toISOString(),
        })),
        events: eventsOf.get(id) ?? [],
      };
      return [id, { record, hash }];
    }),
  );
  return runIds.flatMap((id) => byId.get(id) ?? []);
}

/**
 * Returns the runs that have not ended: those whose newest attempt is in progress or stopped. Age doesn't matter: a
 * cutover may have been scheduled weeks ago.
 */
export async function openRuns(db: Database): Promise<readonly RunRecord[]> {
  const { rows } = await db.execute<{ id: RunId }>(sql`
    select run.id from ${runsWithStateEvent} where ${isOpenRun}
    order by run.created_at desc`);
  return loadRuns(
    db,
    rows.map(({ id }) => id),
  );
}
