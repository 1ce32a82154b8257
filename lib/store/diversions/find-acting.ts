import { and, desc, eq, gte, or, sql } from 'drizzle-orm';
import type { ActingView } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import { occurrences, plans, runEvents, runs } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { ownedKey, recordKey } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import { checkExpectation, stateAt } from '@/lib/plan/drift';
import type { WriteStep } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import type { RunState } from '@/lib/run/model/model';
import { bindPlan } from '@/lib/run/model/placeholders';
import { undoList } from '@/lib/run/model/run-effects';
import type { RunId } from '@/lib/run/model/run-id';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { readRunStates } from '@/lib/store/runs/last-state-events';
import { loadRun } from '@/lib/store/runs/load-run';
import { writtenAfter } from '@/lib/store/runs/written-after';

/**
 * Returns the objects that an ended run has changed and that are not as before it, by the snapshots of their accounts:
 * whoever has undone a change, it is no longer in effect. An object that a snapshot can't tell counts as changed. A TTL
 * doesn't count: plans know what runs have lowered.
 * @param getEstate returns the newest snapshot of an account; null = it tells nothing about the time after the run
 */
export function listInEffect(
  run: RunRecord,
  getEstate: (connectionId: string) => Estate | null,
): readonly ObjectRef[] {
  const plan = bindPlan(run.plan, run.events);
  const touchedAt = run.events.at(-1)?.at ?? '';
  const firsts = new Map<string, WriteStep>();
  for (const { step } of undoList(foldRun({ ...run, plan })).toReversed()) {
    if (step.kind !== 'write') continue;
    const key = ownedKey(step.object, plan.connectionId);
    if (!firsts.has(key)) firsts.set(key, step);
  }
  return [...firsts.values()].flatMap(({ object, before }) => {
    const { connectionId = plan.connectionId, ...place } = object;
    const estate = getEstate(connectionId);
    if (estate === null) return [object];
    const state = withFoundTtls(before, stateAt(estate, place));
    return checkExpectation(estate, { object: place, state, touchedAt }).kind === 'asExpected'
      ? []
      : [object];
  });
}

/** Returns a state with the TTLs of the records as they are found. */
function withFoundTtls(state: ObjectState, found: ObjectState): ObjectState {
  if (state.kind !== 'recordSet' || found.kind !== 'recordSet') return state;
  const ttls = new Map(found.records.map((record) => [recordKey(record), record.ttlS]));
  return {
    ...state,
    records: state.records.map((record) => ({ ...record, ttlS: ttls.get(recordKey(record)) ?? record.ttlS })),
  };
}

/**
 * States of runs that have left the objects of their plan unchanged. A run that was left as is (`closed`) belongs here only if it
 * had not started: aborting undoes nothing.
 */
const leavesNothing: readonly RunState[] = ['queued', 'scheduled', 'rolledBack'];

/** Selects the runs of a series: of its template and of its occurrences. */
const ofSeries = (seriesId: DiversionId) =>
  or(eq(plans.diversionId, seriesId), eq(occurrences.seriesId, seriesId));

/** States of runs that have ended without a rollback: the newest snapshot shows whether their changes are in effect. */
const leavesChanges: readonly RunState[] = ['done', 'closed'];

/**
 * Returns the diversion of a series that has changed something and is not rolled back: a plan created now would take
 * its changes for the original state. If its run has ended, also the objects whose changes are in effect: once a sync
 * finds them as before, it no longer counts. null = none.
 */
export async function findActing(db: Database, seriesId: DiversionId): Promise<ActingView | null> {
  const rows = await db
    .select({
      runId: runs.id,
      diversionId: plans.diversionId,
      // Most closed runs of a series are canceled schedules: their journals need not be read.
      hasWritten: sql<boolean>`exists (select from run_event where run_id = ${runs.id} and event->>'type' = 'intent')`,
    })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .leftJoin(occurrences, eq(occurrences.diversionId, plans.diversionId))
    .where(ofSeries(seriesId))
    .orderBy(desc(runs.createdAt));
  if (rows.length === 0) return null;
  const states = await readRunStates(
    db,
    rows.map(({ runId }) => runId),
  );
  for (const { runId, diversionId, hasWritten } of rows) {
    const state = states.get(runId) ?? 'queued';
    if (leavesNothing.includes(state)) continue;
    if (!leavesChanges.includes(state)) return { diversionId, left: [] };
    const left = hasWritten ? await readInEffect(db, runId) : [];
    if (left.length > 0) return { diversionId, left };
  }
  return null;
}

/** Returns the names of the objects on which changes of an ended run are, or may be, in effect. */
async function readInEffect(db: Database, runId: RunId): Promise<readonly string[]> {
  const run = await loadRun(db, runId);
  if (run === null) return [];
  const endedAt = run.events.at(-1)?.at ?? '';
  const estates = new Map<string, Estate>();
  for (const id of listConnectionIds(run.plan)) {
    const estate = await newestSnapshot(db, id);
    // The cloud may have completed the run's last writes only after a sync that started right then.
    const isAfter = estate !== null && endedAt <= writtenAfter(new Date(estate.takenAt)).toISOString();
    if (isAfter) estates.set(id, estate);
  }
  return [...new Set(listInEffect(run, (id) => estates.get(id) ?? null).map(refName))];
}

/**
 * Returns whether a run of a series has ended since an instant: a snapshot of that instant may contain changes that are
 * rolled back by now.
 */
async function hasEndedSince(db: Database, seriesId: DiversionId, since: string): Promise<boolean> {
  const [ended] = await db
    .select({ id: runEvents.id })
    .from(runEvents)
    .innerJoin(runs, eq(runs.id, runEvents.runId))
    .innerJoin(plans, eq(plans.id, runs.planId))
    .leftJoin(occurrences, eq(occurrences.diversionId, plans.diversionId))
    .where(
      and(
        ofSeries(seriesId),
        sql`${runEvents.event}->>'type' = 'finished'`,
        gte(sql`${runEvents.event}->>'at'`, since),
      ),
    )
    .limit(1);
  return ended !== undefined;
}

/** Returns whether no occurrence of a series is in effect, neither now nor in the newest snapshot of its connection. */
export async function isAtRest(db: Database, seriesId: DiversionId, connectionId: string): Promise<boolean> {
  if ((await findActing(db, seriesId)) !== null) return false;
  const snapshot = await newestSnapshot(db, connectionId);
  return snapshot === null || !(await hasEndedSince(db, seriesId, snapshot.takenAt));
}
