import type { Database } from '@/lib/db/database';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { type ObjectState, objectKey } from '@/lib/estate/object';
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

export type FoundDrift = { readonly estate: Estate; readonly watched: readonly Watched[] };

/** The objects that open runs write to, and of those the ones that they are at now, each with its run. */
async function objectsOfOpenRuns(db: Database, connectionId: string) {
  const open = new Map<string, string>();
  const busy = new Map<string, string>();
  for (const run of await openRuns(db)) {
    if (run.plan.connectionId !== connectionId) continue;
    for (const step of bindPlan(run.plan, run.events).steps)
      if (step.kind === 'write') open.set(objectKey(step.object), run.id);
    for (const key of busyObjects(run)) busy.set(key, run.id);
  }
  return { open, busy };
}

/** The newest reading of a connection, with those of the accounts that its plans span, as far as they were read. */
async function estateOver(
  db: Database,
  connectionId: string,
  lefts: readonly LeftState[],
): Promise<Estate | null> {
  const spanned = new Set(lefts.flatMap(({ object }) => object.connectionId ?? []));
  const own = await newestEstate(db, connectionId);
  const read = await Promise.all([...spanned].map((id) => newestEstate(db, id)));
  const others = read.filter((estate) => estate !== null);
  return own && joinEstates(own, others);
}

/**
 * Every object that an applied plan has written to and that is not taken back, compared with the newest reading.
 * @returns null before the first sync
 */
export async function findDrift(db: Database, connectionId: string): Promise<FoundDrift | null> {
  // The runs first: what they write while the rest is read is younger than the estate, and says so.
  const runs = await runLefts(db, connectionId);
  const { open, busy } = await objectsOfOpenRuns(db, connectionId);
  const adoptions = await readAdoptions(db, connectionId);
  const lefts = leftStates(runs);
  const estate = await estateOver(db, connectionId, lefts);
  if (estate === null) return null;
  const accounts = new Set(estate.otherAccounts?.map((other) => other.connectionId));
  // Of an account that was never read nothing can be said.
  const known = lefts.filter(
    ({ object: { connectionId: owner } }) => owner === undefined || accounts.has(owner),
  );
  const watched = known.map((left): Watched => {
    const key = objectKey(left.object);
    const newest = adoptions.get(key);
    const adoption = newest?.write === left.write ? newest : null;
    const expected = adoption?.state ?? left.state;
    const runId = busy.get(key);
    const standing: Watched['standing'] =
      runId === undefined ? standingOf(estate, { ...left, state: expected }) : { kind: 'busy', runId };
    return { ...left, key, adoption, expected, standing, openRun: open.get(key) ?? null };
  });
  return { estate, watched };
}
