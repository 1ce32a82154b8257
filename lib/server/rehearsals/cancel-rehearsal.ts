'use server';

import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { CancelRehearsalAction } from '@/lib/contract/rehearsal';
import { rehearsals } from '@/lib/db/schema';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';

/** Cancels a rehearsal that has not ended; its worker stops it within seconds. */
export const cancelRehearsal = verb(
  'rehearsal.cancel',
  z.object({ rehearsalId: z.string().min(1).max(40) }),
  ({ rehearsalId }) => ({ rehearsal: rehearsalId }),
  async ({ rehearsalId }): ReturnType<CancelRehearsalAction> => {
    const { db } = (await serverContext()).database;
    const canceled = await db
      .update(rehearsals)
      .set({ state: 'canceled', endedAt: new Date() })
      .where(and(eq(rehearsals.id, rehearsalId), inArray(rehearsals.state, ['queued', 'running'])))
      .returning({ id: rehearsals.id });
    return canceled.length === 0 ? refuse('rehearsal.ended', { id: rehearsalId }) : ok(null);
  },
);
