'use server';

import { z } from 'zod';
import type { AcceptDriftAction } from '@/lib/contract/drift';
import { acceptedDrift } from '@/lib/db/schema';
import { refName } from '@/lib/estate/ref-name';
import { fingerprint } from '@/lib/plan/model/fingerprints';
import { ok } from '@/lib/result';
import { maySeeObject } from '@/lib/server/access/see-estate';
import { verb } from '@/lib/server/verb';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { findDrift } from '@/lib/store/drift/find-drift';
import { listDrifted } from '@/lib/store/drift/list-drifted';
import { refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';

const AcceptInput = z.object({
  connectionId: z.string().min(1),
  objects: z.array(z.object({ key: z.string().min(1), mark: z.string().min(1) })).min(1),
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/**
 * Accepts drift: the found state of objects becomes their baseline until the next plan writes to them. If it is no
 * longer the reviewed state, nothing is accepted.
 */
export const acceptDrift = verb(
  'drift.accept',
  AcceptInput,
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, objects, reason }, actor): ReturnType<AcceptDriftAction> => {
    if ((await findConnection(connectionId)) === null) return refuse('connection.gone', { id: connectionId });
    const { database } = await serverContext();
    return exclusively(database.pool, async ({ db }) => {
      const found = listDrifted((await findDrift(db, connectionId))?.watched ?? []).filter(({ object }) =>
        maySeeObject(actor.access, 'drift.accept', object, connectionId),
      );
      for (const { key, mark } of objects) {
        const drifted = found.find((each) => each.key === key);
        if (drifted === undefined) return refuse('drift.gone');
        const { object, found: state, expected, write } = drifted;
        if (fingerprint(state) !== mark) return refuse('drift.changed', { object: refName(object) });
        await db
          .insert(acceptedDrift)
          .values({ connectionId, key, object, write, state, expected, reason, actor: actor.name });
      }
      return ok(null);
    });
  },
);
