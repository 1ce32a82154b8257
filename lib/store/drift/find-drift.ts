import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { objectKey, ownedKey } from '@/lib/estate/object-state';
import { checkExpectation, type ExpectationState } from '@/lib/plan/drift';
import { type BaselineState, baselineStates, type RunBaseline } from '@/lib/run/model/baseline-states';
import { busyObjects } from '@/lib/run/model/busy-objects';
import { bindPlan } from '@/lib/run/model/placeholders';
import type { RunId } from '@/lib/run/model/run-id';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { openRuns } from '@/lib/store/runs/load-run';
import { readRunBaselines } from '@/lib/store/runs/read-run-baselines';
import { type Acceptance, readAcceptances } from './read-acceptances';

/** An object last written by a plan, compared with its baseline. */
export type Watched = BaselineState & {
  readonly key: string;
  /** The accepted drift that replaces the state that the plan left; null = none. */
  readonly acceptance: Acceptance | null;
  readonly expected: ObjectState;
  /** `busy`: a run has yet to write to it. */
  readonly comparison: ExpectationState | { readonly kind: 'busy'; readonly runId: RunId };
  /** The open run that writes to it, started or not; null = none. */
  readonly openRun: RunId | null;
};

/** `estate` is the connection's snapshot, joined with those of the accounts that its plans span. */
export type FoundDrift = { readonly estate: Estate; readonly watched: readonly Watched[] };

/** Returns the objects that open runs will write to or are writing to, each with its run, across all accounts. */
async function objectsOfOpenRuns(db: Database) {
  const open = new Map<string, RunId>();
  const busy = new Map<string, RunId>();
  for (const run of await openRuns(db)) {
    for (const step of bindPlan(run.plan, run.events).steps)
      if (step.kind === 'write') open.set(ownedKey(step.object, run.plan.connectionId), run.id);
    for (const key of busyObjects(run)) busy.set(key, run.id);
  }
  return { open, busy };
}

/** Returns the available newest snapshots of a connection and of the accounts that its plans span. */
async function estatesOver(
  db: Database,
  connectionId: string,
  lefts: readonly BaselineState[],
): Promise<ReadonlyMap<string, Estate>> {
  const ids = new Set([connectionId, ...lefts.flatMap(({ object }) => object.connectionId ?? [])]);
  const read = await Promise.all([...ids].map(async (id) => [id, await newestSnapshot(db, id)] as const));
  return new Map(read.flatMap(([id, estate]) => (estate === null ? [] : [[id, estate] as const])));
}

/** Returns the object's reference as in its own account's snapshot. */
function inItsAccount({ connectionId: _, ...object }: ObjectRef): ObjectRef {
  return object as ObjectRef;
}

/**
 * Compares every object that was last written by an applied plan of a connection, and not rolled back, with the newest
 * snapshot of its account.
 * @returns null before the first sync
 */
export async function findDrift(db: Database, connectionId: string): Promise<FoundDrift | null> {
  // Runs are read first: their writes during the other reads are newer than the snapshot, and are marked as such.
  const runs = await readAllBaselines(db);
  const { open, busy } = await objectsOfOpenRuns(db);
  const acceptances = await readAcceptances(db, connectionId);
  const lefts = baselineStates(runs).filter((left) => left.connectionId === connectionId);
  const estates = await estatesOver(db, connectionId, lefts);
  const own = estates.get(connectionId);
  if (own === undefined) return null;
  const watched = lefts.map((left): Watched => {
    const { object, touchedAt, write, state } = left;
    const key = objectKey(object);
    const newest = acceptances.get(key);
    const acceptance = newest?.write === write ? newest : null;
    const expected = acceptance?.state ?? state;
    const place = ownedKey(object, connectionId);
    const runId = busy.get(place);
    const estate = estates.get(object.connectionId ?? connectionId);
    const comparison = (): Watched['comparison'] => {
      if (runId !== undefined) return { kind: 'busy', runId };
      if (estate === undefined) return { kind: 'notSynced' };
      return checkExpectation(estate, { object: inItsAccount(object), state: expected, touchedAt });
    };
    const openRun = open.get(place) ?? null;
    return { ...left, key, acceptance, expected, comparison: comparison(), openRun };
  });
  const others = [...estates].filter(([id]) => id !== connectionId).map(([, estate]) => estate);
  return { estate: joinEstates(own, others), watched };
}

/** The changes that a run has in effect, as of its last completed step. */
type Known = { readonly lastId: string; readonly left: RunBaseline };

/** On `globalThis`, because Next may load this module more than once in a process. Keyed by run. */
const holder = globalThis as typeof globalThis & {
  spillwayLefts?: Map<string, Known>;
  /** The read in progress, or the last one. */
  spillwayLeftsRead?: Promise<unknown>;
};

/** The number of plans and journals read at once. */
const batch = 200;

async function readBaselines(db: Pick<Database, 'execute'>): Promise<readonly RunBaseline[]> {
  holder.spillwayLefts ??= new Map();
  const known = holder.spillwayLefts;
  const { rows } = await db.execute<{ readonly id: RunId; readonly lastId: string }>(sql`
    select run.id, done.id as "lastId"
    from run
    cross join lateral (
      select id from run_event where run_id = run.id and event->>'type' = 'stepDone' order by id desc limit 1
    ) as done
    order by run.created_at, run.id`);
  const lastIds = new Map(rows.map(({ id, lastId }) => [id, lastId]));
  const changed = rows.filter(({ id, lastId }) => known.get(id)?.lastId !== lastId).map(({ id }) => id);
  for (let from = 0; from < changed.length; from += batch)
    for (const [id, left] of await readRunBaselines(db, changed.slice(from, from + batch)))
      known.set(id, { lastId: lastIds.get(id) ?? '', left });
  return rows.flatMap(({ id }) => known.get(id)?.left ?? []);
}

/**
 * Returns the changes in effect of the runs of all connections, oldest first. They change only when a run completes a
 * step, so only the plans and journals of those runs are read again. Reads are serialized: callers for each connection
 * and page arrive together, and the first read serves all of them.
 */
function readAllBaselines(db: Pick<Database, 'execute'>): Promise<readonly RunBaseline[]> {
  const before = holder.spillwayLeftsRead ?? Promise.resolve();
  const lefts = before.catch(() => undefined).then(() => readBaselines(db));
  holder.spillwayLeftsRead = lefts;
  return lefts;
}
