import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { isIntact, upgradePlan } from '@/lib/plan/stored-plan';
import type { RunRecord } from '@/lib/run/fold-run';

/** Reads everything written down about a run; null if there is none of this id. */
export async function loadRun(db: Database, runId: string): Promise<RunRecord | null> {
  const [run] = await read(db, [runId], 'all');
  return run ?? null;
}

/**
 * Reads runs with everything that decides where they stand: all but the rounds of measurements, which a cutover writes every few
 * seconds for as long as it holds, and which only its own page shows. A fixed number of queries for any number of runs.
 * @returns in the order of the ids; ids that there are not are left out
 */
export function loadRuns(db: Database, runIds: readonly string[]): Promise<readonly RunRecord[]> {
  return read(db, runIds, 'unmeasured');
}

async function read(
  db: Database,
  runIds: readonly string[],
  which: 'all' | 'unmeasured',
): Promise<readonly RunRecord[]> {
  if (runIds.length === 0) return [];
  const ids = [...runIds];
  const isRead = inArray(runEvents.runId, ids);
  const found = await db
    .select({
      ...{ id: runs.id, planId: plans.id, plan: plans.plan, hash: plans.hash, cutover: runs.cutover },
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
  const events = await db
    .select({ runId: runEvents.runId, event: runEvents.event })
    .from(runEvents)
    .where(which === 'all' ? isRead : and(isRead, sql`${runEvents.event}->>'type' <> 'watched'`))
    .orderBy(asc(runEvents.id));
  const attemptsOf = byRun(attempts);
  const eventsOf = byRun(events);
  const records = await Promise.all(
    found.map(
      async ({ id, planId, plan, hash, cutover, connectionKind }): Promise<RunRecord> => ({
        ...{ id, planId, plan: upgradePlan(plan), cutover, connectionKind },
        isIntact: await isIntact(plan, hash),
        attempts: (attemptsOf.get(id) ?? []).map(({ requestedAt, runId: _, ...attempt }) => ({
          ...attempt,
          requestedAt: requestedAt.toISOString(),
        })),
        events: (eventsOf.get(id) ?? []).map(({ event }) => event),
      }),
    ),
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  return runIds.flatMap((id) => byId.get(id) ?? []);
}

function byRun<T extends { readonly runId: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.runId);
    if (group === undefined) groups.set(row.runId, [row]);
    else group.push(row);
  }
  return groups;
}
