import 'server-only';
import { z } from 'zod';
import type { AcceptanceView, DriftedView, DriftView, ExpectedBy } from '@/lib/contract/drift';
import type { Estate } from '@/lib/estate/model';
import { fingerprint } from '@/lib/plan/model/fingerprints';
import { planRestore } from '@/lib/plan/plan-restore';
import { maySeeObject } from '@/lib/server/access/see-estate';
import { atOnce } from '@/lib/server/estate/read-past-estate';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { findDrift, type Watched } from '@/lib/store/drift/find-drift';
import { type Drifted, listDrifted } from '@/lib/store/drift/list-drifted';
import type { Acceptance } from '@/lib/store/drift/read-acceptances';
import { findDriftActors, type Since } from './find-drift-actors';

function toExpectedBy({ by, leftAt, diversion }: Watched): ExpectedBy {
  return { ...by, name: diversion.name, leftAt };
}

function toAcceptanceView(acceptance: Acceptance): AcceptanceView;
function toAcceptanceView(acceptance: Acceptance | null): AcceptanceView | null;
function toAcceptanceView(acceptance: Acceptance | null): AcceptanceView | null {
  return (
    acceptance && { actor: acceptance.actor, reason: acceptance.reason, at: acceptance.at.toISOString() }
  );
}

function findRestore(
  estate: Estate,
  { object, expected, openRun, diversion }: Watched,
): DriftedView['restore'] {
  if (openRun !== null) return { kind: 'open', runId: openRun };
  const restores = [{ object, state: expected }];
  const planned = planRestore({ estate, diversion, restores, keepAliveS: 0 });
  const reason = planned.ok ? undefined : planned.error[0]?.reason;
  return reason === undefined ? { kind: 'plan' } : { kind: 'cannot', reason };
}

/** Returns when each object was changed and by whom, from the history of its own account. */
async function readHistories(
  tx: Parameters<typeof findDriftActors>[0],
  connectionId: string,
  drifted: readonly Drifted[],
): Promise<ReadonlyMap<Drifted, Since>> {
  const driftOwner = ({ object }: Drifted) => object.connectionId ?? connectionId;
  const histories = new Map<Drifted, Since>();
  for (const owner of new Set(drifted.map(driftOwner))) {
    const some = drifted.filter((each) => driftOwner(each) === owner);
    const told = await findDriftActors(tx, owner, some);
    told.forEach((each, nth) => {
      const one = some[nth];
      if (one !== undefined) histories.set(one, each);
    });
  }
  return histories;
}

function listUnknown(watched: readonly Watched[]): DriftView['unknown'] {
  return watched.flatMap((each) => {
    const { key, object, comparison } = each;
    if (comparison.kind === 'asExpected' || comparison.kind === 'drifted') return [];
    return [{ key, object, by: toExpectedBy(each), why: comparison }];
  });
}

function listAccepted(watched: readonly Watched[]): DriftView['accepted'] {
  return watched.flatMap((each) => {
    const { key, object, acceptance, comparison } = each;
    if (acceptance === null || comparison.kind !== 'asExpected') return [];
    const { expected, state: found } = acceptance;
    return [{ key, object, by: toExpectedBy(each), expected, found, accepted: toAcceptanceView(acceptance) }];
  });
}

/**
 * Returns the objects that differ from what the last applied plan left, with the actor if the cloud's audit trail names
 * one; the objects whose drift is unknown; and the accepted drift.
 * @returns null before the first sync
 */
export const getDrift = query(
  'drift.get',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId, { access }): Promise<DriftView | null> => {
    const { db } = (await serverContext()).database;
    const found = await findDrift(db, connectionId);
    if (found === null) return null;
    const { estate } = found;
    const watched = found.watched.filter(({ object }) =>
      maySeeObject(access, 'drift.get', object, connectionId),
    );
    const drifted = listDrifted(watched);
    const histories = await db.transaction((tx) => readHistories(tx, connectionId, drifted), atOnce);
    return {
      takenAt: estate.takenAt,
      watched: watched.length,
      drifted: drifted.map((each): DriftedView => {
        const { key, object, expected, found: state, acceptance } = each;
        return {
          key,
          object,
          expected,
          found: state,
          mark: fingerprint(state),
          by: toExpectedBy(each),
          accepted: toAcceptanceView(acceptance),
          since: histories.get(each)?.since ?? null,
          who: histories.get(each)?.who ?? { actors: [], trail: { state: 'notSearched' } },
          restore: findRestore(estate, each),
        };
      }),
      unknown: listUnknown(watched),
      accepted: listAccepted(watched),
    };
  },
);
