import 'server-only';
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import type { SecurityView } from '@/lib/contract/session';
import { passkeys, recoveryCodes, secondFactors } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { getRelyingParty } from '@/lib/relying-party';
import { requestCaller } from '@/lib/server/request-actor';
import { isSsoPerson } from '@/lib/server/sso-link';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** Returns how the person who asks signs in; null without sign-in. */
export const getSecurity = query(
  'session.getSecurity',
  z.void(),
  'all',
  async (): Promise<SecurityView | null> => {
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return null;
    const { database, settings } = await serverContext();
    const { db } = database;
    const [factor] = await db
      .select({ confirmedAt: secondFactors.confirmedAt })
      .from(secondFactors)
      .where(and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt)));
    const codesLeft = await db.$count(recoveryCodes, eq(recoveryCodes.userId, userId));
    const own = await db
      .select()
      .from(passkeys)
      .where(eq(passkeys.userId, userId))
      .orderBy(asc(passkeys.createdAt), asc(passkeys.id));
    const party = getRelyingParty(settings);
    const oidc = getOidcSettings(settings);
    return {
      provider: oidc !== null && (await isSsoPerson(db, userId)) ? oidc.name : null,
      secondFactor: factor?.confirmedAt ? { since: factor.confirmedAt.toISOString(), codesLeft } : null,
      passkeys: own.map(({ id, name, isSynced, rpId, createdAt, lastUsedAt }) => ({
        id,
        name,
        isSynced,
        otherHost: rpId === party.id ? null : rpId,
        since: createdAt.toISOString(),
        usedAt: lastUsedAt?.toISOString() ?? null,
      })),
      passkeyOrigin: party.origin,
    };
  },
);
