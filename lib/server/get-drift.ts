import 'server-only';
import type { AdoptionView, DriftedView, DriftView, ExpectedBy } from '@/lib/client/drift-views';
import type { Estate } from '@/lib/estate/model';
import type { ObjectState } from '@/lib/estate/object';
import { fingerprint } from '@/lib/plan/fingerprints';
import { planRestore } from '@/lib/plan/plan-restore';
import { serverContext } from './context';
import { driftWho, type Since } from './drift-who';
import { atOnce } from './estate-at';
import { findDrift, type Watched } from './find-drift';
import type { Adoption } from './read-adoptions';

function byOf({ by, leftAt, diversion }: Watched): ExpectedBy {
  return { ...by, name: diversion.name, leftAt };
}

function adoptionView(adoption: Adoption): AdoptionView;
function adoptionView(adoption: Adoption | null): AdoptionView | null;
function adoptionView(adoption: Adoption | null): AdoptionView | null {
  return adoption && { actor: adoption.actor, reason: adoption.reason, at: adoption.at.toISOString() };
}

function restoreOf(
  estate: Estate,
  { object, expected, openRun, diversion }: Watched,
): DriftedView['restore'] {
  if (openRun !== null) return { kind: 'open', runId: openRun };
  const restores = [{ object, state: expected }];
  const planned = planRestore({ estate, diversion, restores, keepAliveS: 0 });
  const reason = planned.ok ? undefined : planned.error[0]?.reason;
  return reason === undefined ? { kind: 'plan' } : { kind: 'cannot', reason };
}

/** A drifted object, with the state that was found. */
export type Drifted = Watched & { readonly found: ObjectState };

/** Returns the objects that differ from their expected state. */
export function driftedOf(watched: readonly Watched[]): readonly Drifted[] {
  return watched.flatMap((each) =>
    each.standing.kind === 'drifted' ? [{ ...each, found: each.standing.found }] : [],
  );
}

/** Returns when each was changed and who changed it, by the history of its own account. */
async function historiesOf(
  tx: Parameters<typeof driftWho>[0],
  connectionId: string,
  drifted: readonly Drifted[],
): Promise<ReadonlyMap<Drifted, Since>> {
  const ownerOf = ({ object }: Drifted) => object.connectionId ?? connectionId;
  const histories = new Map<Drifted, Since>();
  for (const owner of new Set(drifted.map(ownerOf))) {
    const some = drifted.filter((each) => ownerOf(each) === owner);
    const told = await driftWho(tx, owner, some);
    told.forEach((each, nth) => {
      const one = some[nth];
      if (one !== undefined) histories.set(one, each);
    });
  }
  return histories;
}

function unknownOf(watched: readonly Watched[]): DriftView['unknown'] {
  return watched.flatMap((each) => {
    const { key, object, standing } = each;
    if (standing.kind === 'asExpected' || standing.kind === 'drifted') return [];
    return [{ key, object, by: byOf(each), why: standing }];
  });
}

function adoptedOf(watched: readonly Watched[]): DriftView['adopted'] {
  return watched.flatMap((each) => {
    const { key, object, adoption, standing } = each;
    if (adoption === null || standing.kind !== 'asExpected') return [];
    const { expected, state: found } = adoption;
    return [{ key, object, by: byOf(each), expected, found, adopted: adoptionView(adoption) }];
  });
}

/**
 * Returns the objects that differ from what the last applied plan left, with the actor if the cloud's audit trail names
 * one; those whose drift is unknown; and the accepted drift.
 * @returns null before the first sync
 */
export async function getDrift(connectionId: string): Promise<DriftView | null> {
  const { db } = (await serverContext()).database;
  const found = await findDrift(db, connectionId);
  if (found === null) return null;
  const { estate, watched } = found;
  const drifted = driftedOf(watched);
  const histories = await db.transaction((tx) => historiesOf(tx, connectionId, drifted), atOnce);
  return {
    takenAt: estate.takenAt,
    watched: watched.length,
    drifted: drifted.map((each): DriftedView => {
      const { key, object, expected, found: state, adoption } = each;
      return {
        key,
        object,
        expected,
        found: state,
        mark: fingerprint(state),
        by: byOf(each),
        adopted: adoptionView(adoption),
        since: histories.get(each)?.since ?? null,
        who: histories.get(each)?.who ?? { actors: [], trail: { state: 'notAsked' } },
        restore: restoreOf(estate, each),
      };
    }),
    unknown: unknownOf(watched),
    adopted: adoptedOf(watched),
  };
}
