import type { Database } from '@/lib/db/database';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { type ObjectRef, type ObjectState, objectKey, ownedKey } from '@/lib/estate/object';
import { type Standing, standingOf } from '@/lib/plan/drift';
import { busyObjects } from '@/lib/run/busy-objects';
import { type LeftState, leftStates } from '@/lib/run/left-states';
import { bindPlan } from '@/lib/run/symbols';
import { newestEstate } from './newest-estate';
import { openRuns } from './open-runs';
import { type Adoption, readAdoptions } from './read-adoptions';
import { runLefts } from './run-lefts';

/** An object that a plan has left in a state, and how it stands to what is expected of it now. */
export type Watched = LeftState & {
  readonly key: string;
  /** What was adopted since in place of what the plan left; null = nothing. */
  readonly adoption: Adoption | null;
  readonly expected: ObjectState;
  /** `busy`: a run still has to write to it. */
  readonly standing: Standing | { readonly kind: 'busy'; readonly runId: string };
  /** The run that is open on it, whether it has begun or not; null = none. */
  readonly openRun: string | null;
};

/** `estate` is that of the connection, joined with those of the accounts that its plans span. */
export type FoundDrift = { readonly estate: Estate; readonly watched: readonly Watched[] };

/** The objects that open runs write to, and of those the ones that they are at now, each with its run: of all accounts. */
async function objectsOfOpenRuns(db: Database) {
  const open = new Map<string, string>();
  const busy = new Map<string, string>();
  for (const run of await openRuns(db)) {
    for (const step of bindPlan(run.plan, run.events).steps)
      if (step.kind === 'write') open.set(ownedKey(step.object, run.plan.connectionId), run.id);
    for (const key of busyObjects(run)) busy.set(key, run.id);
  }
  return { open, busy };
}

/** The newest readings of a connection and of the accounts that its plans span, as far as they were read. */
async function estatesOver(
  db: Database,
  connectionId: string,
  lefts: readonly LeftState[],
): Promise<ReadonlyMap<string, Estate>> {
  const ids = new Set([connectionId, ...lefts.flatMap(({ object }) => object.connectionId ?? [])]);
  const read = await Promise.all([...ids].map(async (id) => [id, await newestEstate(db, id)] as const));
  return new Map(read.flatMap(([id, estate]) => (estate === null ? [] : [[id, estate] as const])));
}

/** An object as its own account's estate knows it. */
function inItsAccount({ connectionId: _, ...object }: ObjectRef): ObjectRef {
  return object as ObjectRef;
}

/**
 * Every object that an applied plan of a connection was the last to write to, and that is not taken back, compared with
 * the newest reading of its account.
 * @returns null before the first sync
 */
export async function findDrift(db: Database, connectionId: string): Promise<FoundDrift | null> {
  // The runs first: what they write while the rest is read is younger than the estate, and says so.
  const runs = await runLefts(db);
  const { open, busy } = await objectsOfOpenRuns(db);
  const adoptions = await readAdoptions(db, connectionId);
  const lefts = leftStates(runs).filter((left) => left.connectionId === connectionId);
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
      if (estate === undefined) return { kind: 'notLookedAt' };
      return standingOf(estate, { object: inItsAccount(object), state: expected, touchedAt });
    };
    const openRun = open.get(place) ?? null;
    return { ...left, key, adoption, expected, standing: standing(), openRun };
  });
  const others = [...estates].filter(([id]) => id !== connectionId).map(([, estate]) => estate);
  return { estate: joinEstates(own, others), watched };
}
