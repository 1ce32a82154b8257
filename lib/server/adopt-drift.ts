import 'server-only';
import { z } from 'zod';
import type { AdoptDriftAction } from '@/lib/client/actions';
import { driftAdoptions } from '@/lib/db/schema';
import { refName } from '@/lib/estate/ref-name';
import { fingerprint } from '@/lib/plan/fingerprints';
import { ok } from '@/lib/result';
import { currentActor } from './actor';
import { serverContext } from './context';
import { exclusively } from './exclusively';
import { findDrift } from './find-drift';
import { driftedOf } from './get-drift';
import { findConnection } from './list-connections';
import { refuse, refuseInput } from './refusal';

const AdoptInput = z.object({
  connectionId: z.string().min(1),
  key: z.string().min(1),
  mark: z.string().min(1),
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/**
 * Writes down that what was found of an object is right: that is expected of it from now on, until the next plan writes to
 * it. It must still be what was looked at.
 */
export const adoptDrift = async (input: unknown): ReturnType<AdoptDriftAction> => {
  const parsed = AdoptInput.safeParse(input);
  if (!parsed.success) return refuseInput(parsed.error);
  const { connectionId, key, mark, reason } = parsed.data;
  if ((await findConnection(connectionId)) === null) return refuse('connection.gone', { id: connectionId });
  const { database } = await serverContext();
  return exclusively(database.pool, async ({ db }) => {
    const found = await findDrift(db, connectionId);
    const drifted = driftedOf(found?.watched ?? []).find((each) => each.key === key);
    if (drifted === undefined) return refuse('drift.gone');
    const { object, found: state, expected, write } = drifted;
    if (fingerprint(state) !== mark) return refuse('drift.changed', { object: refName(object) });
    await db
      .insert(driftAdoptions)
      .values({ ...{ connectionId, key, object, write, state, expected, reason }, actor: currentActor() });
    return ok(null);
  });
};
