import type { Database } from '@/lib/db/database';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { type ObjectRef, type ObjectState, objectKey, ownedKey } from '@/lib/estate/object';
import { checkExpectation, type ExpectationState } from '@/lib/plan/drift';
import { type BaselineState, baselineStates } from '@/lib/run/model/baseline-states';
import { busyObjects } from '@/lib/run/model/busy-objects';
import type { RunId } from '@/lib/run/model/model';
import { bindPlan } from '@/lib/run/model/placeholders';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { openRuns } from '@/lib/server/journal/open-runs';
import { type Acceptance, readAcceptances } from './read-acceptances';
import { readRunBaselines } from './read-run-baselines';

/** An object that a plan has left in a state, and how it compares with its baseline. */
export type Watched = BaselineState & {
  readonly key: string;
  /** The drift accepted since in place of the state that the plan left; null = none. */
  readonly adoption: Acceptance | null;
  readonly expected: ObjectState;
  /** `busy`: a run still has to write to it. */
  readonly standing: ExpectationState | { readonly kind: 'busy'; readonly runId: RunId };
  /** The open run that affects it, whether started or not; null = none. */
  readonly openRun: RunId | null;
};

/** `estate` is the connection's snapshot, joined with those of the accounts that its plans span. */
export type FoundDrift = { readonly estate: Estate; readonly watched: readonly Watched[] };

/**
 * Returns the objects that open runs write to, and those that they are writing to now, each with its run: across all
 * accounts.
 */
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

/** Returns the newest snapshots of a connection and of the accounts that its plans span, as far as they exist. */
async function estatesOver(
  db: Database,
  connectionId: string,
  lefts: readonly BaselineState[],
): Promise<ReadonlyMap<string, Estate>> {
  const ids = new Set([connectionId, ...lefts.flatMap(({ object }) => object.connectionId ?? [])]);
  const read = await Promise.all([...ids].map(async (id) => [id, await newestEstate(db, id)] as const));
  return new Map(read.flatMap(([id, estate]) => (estate === null ? [] : [[id, estate] as const])));
}

/** Names an object as its own account's snapshot does. */
function inItsAccount({ connectionId: _, ...object }: ObjectRef): ObjectRef {
  return object as ObjectRef;
}

/**
 * Compares with the newest snapshot of its account every object that an applied plan of a connection was the last to
 * write to, and that is not rolled back.
 * @returns null before the first sync
 */
export async function findDrift(db: Database, connectionId: string): Promise<FoundDrift | null> {
  // Runs first: whatever they write while the rest is read is newer than the snapshot, and is marked as such.
  const runs = await readRunBaselines(db);
  const { open, busy } = await objectsOfOpenRuns(db);
  const adoptions = await readAcceptances(db, connectionId);
  const lefts = baselineStates(runs).filter((left) => left.connectionId === connectionId);
  const estates = await estatesOver(db, connectionId, lefts);
  const own = estates.get(connectionId);
  if (own === undefined) return null;
  const watched = lefts.map((left): Watched => {
    const { object, touchedAt, write, state } = left;
    const key = objectKey(object);
    const newest = adoptions.get(key);
    const adoption = newest?.write === write ? newest : null;
    const expected = adoption?.state ?? state;
    const place = ownedKey(object, connectionId);
    const runId = busy.get(place);
    const estate = estates.get(object.connectionId ?? connectionId);
    const standing = (): Watched['standing'] => {
      if (runId !== undefined) return { kind: 'busy', runId };
      if (estate === undefined) return { kind: 'notSynced' };
      return checkExpectation(estate, { object: inItsAccount(object), state: expected, touchedAt });
    };
    const openRun = open.get(place) ?? null;
    return { ...left, key, adoption, expected, standing: standing(), openRun };
  });
  const others = [...estates].filter(([id]) => id !== connectionId).map(([, estate]) => estate);
  return { estate: joinEstates(own, others), watched };
}
