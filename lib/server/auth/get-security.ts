import 'server-only';
import { and, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import type { SecurityView } from '@/lib/client/views';
import { recoveryCodes, secondFactors } from '@/lib/db/schema';
import { serverContext } from '@/lib/server/context';
import { requestCaller } from '@/lib/server/request-actor';
import { query } from '@/lib/server/verb';

/** Returns how the person who asks signs in; null without sign-in. */
export const getSecurity = query(
  'session.getSecurity',
  z.void(),
  'all',
  async (): Promise<SecurityView | null> => {
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return null;
    const { db } = (await serverContext()).database;
    const [factor] = await db
      .select({ confirmedAt: secondFactors.confirmedAt })
      .from(secondFactors)
      .where(and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt)));
    if (!factor?.confirmedAt) return { secondFactor: null };
    const codesLeft = await db.$count(recoveryCodes, eq(recoveryCodes.userId, userId));
    return { secondFactor: { since: factor.confirmedAt.toISOString(), codesLeft } };
  },
);
