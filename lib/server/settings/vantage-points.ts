'use server';

import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { AddVantagePointAction, RemoveVantagePointAction } from '@/lib/contract/run-convergence';
import { vantagePoints } from '@/lib/db/schema';
import { VantagePoint, vantagePointsMax } from '@/lib/policy/vantage-point';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';

/** Adds a public resolver that is asked from the next round of a run on. Its name and its address are unique. */
export const addVantagePoint = verb(
  'vantagePoint.add',
  VantagePoint,
  'all',
  async (input, actor, note): ReturnType<AddVantagePointAction> => {
    note(input);
    const { db } = (await serverContext()).database;
    const all = await db.select().from(vantagePoints);
    if (all.length >= vantagePointsMax) return refuse('vantagePoint.tooMany', { max: vantagePointsMax });
    const same = all.find(({ address }) => address === input.address);
    if (same !== undefined) return refuseFields({ address: ['vantagePoint.sameAddress'] });
    const [row] = await db
      .insert(vantagePoints)
      .values({ ...input, createdBy: actor.name })
      .onConflictDoNothing()
      .returning({ id: vantagePoints.id });
    return row === undefined ? refuseFields({ name: ['vantagePoint.sameName'] }) : ok({ id: row.id });
  },
);

/** Removes a public resolver. What it has answered about runs stays with them. */
export const removeVantagePoint = verb(
  'vantagePoint.remove',
  z.object({ id: z.int() }),
  'all',
  async ({ id }): ReturnType<RemoveVantagePointAction> => {
    const { db } = (await serverContext()).database;
    const gone = await db
      .delete(vantagePoints)
      .where(eq(vantagePoints.id, id))
      .returning({ id: vantagePoints.id });
    return gone.length === 0 ? refuse('vantagePoint.gone') : ok(null);
  },
);
