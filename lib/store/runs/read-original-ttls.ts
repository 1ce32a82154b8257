import { and, arrayOverlaps, asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { diversions, plans, runs } from '@/lib/db/schema';
import { getRecordSetState } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { RecordSetRef, RecordSetState, RecordState } from '@/lib/estate/object';
import { objectKey, ownedKey, recordKey } from '@/lib/estate/object-state';
import type { OriginalTtl, Restore } from '@/lib/plan/model/model';
import { findOriginalTtl } from '@/lib/plan/model/set-changes';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { doneEvent } from '@/lib/run/model/history';
import type { RunState } from '@/lib/run/model/model';
import { bindPlan } from '@/lib/run/model/placeholders';
import { undoList } from '@/lib/run/model/run-effects';
import { readRunStates } from './last-state-events';
import { loadRuns } from './load-run';

/** The lowered records of one set, by their current type and value. */
type LoweredSet = Map<string, OriginalTtl>;

/** One write on a record set, and when it was done: an ISO instant. */
type Write = {
  readonly set: RecordSetRef;
  readonly before: RecordSetState;
  readonly after: RecordSetState;
  readonly at: string;
  /** Set if the run restores drift: the TTLs that it sets are meant to stay, however low. */
  readonly isRestore: boolean;
};

/**
 * Returns the records whose TTL runs have lowered and not restored, with their original TTL: a plan created now would
 * take the lowered TTL for the original. Whichever run or diversion lowered it, the record has one original TTL.
 * @param runs the runs of one connection that wrote to these names, oldest first
 */
export function listOriginalTtls(runs: readonly RunRecord[], now: Date): readonly OriginalTtl[] {
  const sets = new Map<string, LoweredSet>();
  for (const run of runs) {
    // A record may lead to a load balancer that the run has created.
    const bound = { ...run, plan: bindPlan(run.plan, run.events) };
    for (const { step } of undoList(foldRun(bound)).toReversed()) {
      if (step.kind !== 'write' || step.object.kind !== 'recordSet') continue;
      const { object: set, before, after } = step;
      if (before.kind !== 'recordSet' || after.kind !== 'recordSet') continue;
      const key = ownedKey(set, run.plan.connectionId);
      const lowered = sets.get(key) ?? new Map();
      sets.set(key, lowered);
      const at = doneEvent(run.events, 'apply', step.id)?.at ?? now.toISOString();
      follow(lowered, { set, before, after, at, isRestore: run.plan.restores !== undefined }, now);
    }
  }
  return [...sets.values()].flatMap((lowered) => [...lowered.values()]);
}

/** Follows the lowered records of a set through one write. */
function follow(lowered: LoweredSet, { set, before, after, at, isRestore }: Write, now: Date): void {
  const find = ({ records }: RecordSetState, one: RecordState) =>
    records.find((each) => recordKey(each) === recordKey(one));
  const gone = before.records.find((record) => find(after, record) === undefined);
  for (const record of after.records) {
    const old = find(before, record);
    if (old === undefined) {
      const moved = gone === undefined ? findSameTtl(lowered, record) : lowered.get(recordKey(gone));
      if (gone !== undefined) lowered.delete(recordKey(gone));
      if (moved !== undefined)
        lowered.set(recordKey(record), { ...moved, record: toRecord(record), loweredS: record.ttlS });
    } else if (old.ttlS !== record.ttlS) {
      const earlier = lowered.get(recordKey(record));
      // The first of several runs that lowered it has the original.
      const ttlS = earlier?.loweredS === old.ttlS ? earlier.ttlS : old.ttlS;
      // No answer of a disabled record is waited for.
      const leftS = old.enabled ? Math.ceil((Date.parse(at) + old.ttlS * 1000 - now.getTime()) / 1000) : 0;
      const cachedS = Math.max(0, earlier?.cachedS ?? 0, leftS);
      if (isRestore || record.ttlS >= ttlS) lowered.delete(recordKey(record));
      else
        lowered.set(recordKey(record), {
          set,
          record: toRecord(record),
          loweredS: record.ttlS,
          ttlS,
          cachedS,
        });
    }
  }
}

const toRecord = ({ type, value }: RecordState): OriginalTtl['record'] => ({ type, value });

/** Returns a lowered record with the TTL that a new record was created with; undefined = none. */
function findSameTtl(lowered: LoweredSet, { ttlS }: RecordState): OriginalTtl | undefined {
  return [...lowered.values()].find((each) => each.loweredS === ttlS);
}

/**
 * Returns the original TTLs of the records that still have the lowered one.
 * @param getStates the states in which a plan finds a record set, or restores it
 */
function keepLowered(
  originalTtls: readonly OriginalTtl[],
  getStates: (set: RecordSetRef) => readonly RecordSetState[],
): readonly OriginalTtl[] {
  return originalTtls.filter((original) =>
    getStates(original.set).some(({ records }) =>
      records.some((record) => findOriginalTtl([original], original.set, record) !== undefined),
    ),
  );
}

/**
 * The maximum number of journals that are read: of the newest runs, because each run restores what earlier ones have
 * lowered. Spillway's choice.
 */
const runsMax = 50;

/** States of runs that have changed nothing, or have undone all of it: their journals need not be read. */
const leavesNothing: readonly RunState[] = ['queued', 'scheduled', 'rolledBack'];

/**
 * Reads the original TTLs of the records of some names that Spillway has lowered and not restored, in any diversion of
 * the connection that moves one of them: failovers, occurrences of a series and manual moves of one name may belong to
 * different diversions.
 * @param restores the objects that the plan restores, possibly to a lowered TTL; absent = the whole diversion
 */
export async function readOriginalTtls(
  db: Database,
  {
    connectionId,
    domains,
    estate,
    restores = [],
  }: {
    readonly connectionId: string;
    readonly domains: readonly string[];
    readonly estate: Pick<Estate, 'records'>;
    readonly restores?: readonly Restore[] | undefined;
  },
): Promise<readonly OriginalTtl[]> {
  if (domains.length === 0) return [];
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(diversions, eq(diversions.id, plans.diversionId))
    .where(and(eq(diversions.connectionId, connectionId), arrayOverlaps(diversions.domains, [...domains])))
    .orderBy(asc(runs.createdAt));
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const states = await readRunStates(db, ids);
  const acting = ids.filter((id) => !leavesNothing.includes(states.get(id) ?? 'queued'));
  const known = await loadRuns(db, acting.slice(-runsMax));
  return keepLowered(listOriginalTtls(known, new Date()), (set) => [
    getRecordSetState(estate, set),
    ...restores.flatMap(({ object, state }) =>
      state.kind === 'recordSet' && objectKey(object) === objectKey(set) ? [state] : [],
    ),
  ]);
}
