import { inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Answer } from '@/lib/contract/answer';
import { users } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { verifyLogoutToken } from './sso/logout-token';
import { acceptLogout } from './sso/logouts';
import { openProvider } from './sso/provider';
import { SsoProblem } from './sso/sso-problem';

/**
 * Ends sessions that began at the provider, on its order: someone has signed out there, or was removed
 * (https://openid.net/specs/openid-connect-backchannel-1_0.html). API tokens and what the person has started stay.
 */
export const endBySso = verb(
  'session.endBySso',
  z.object({ token: z.string().min(1).max(16_000) }),
  'all',
  async ({ token }, _actor, note): Answer<null> => {
    const { database, settings } = await serverContext();
    const oidc = getOidcSettings(settings);
    if (oidc === null) return refuse('sso.off');
    try {
      const verified = await verifyLogoutToken(await openProvider(oidc), oidc, token);
      note({ subject: verified.subject ?? '', sid: verified.sid ?? '' });
      const ended = await acceptLogout(database.db, verified);
      if (ended === null) return refuse('sso.logoutUsed');
      const people =
        ended.length === 0
          ? []
          : await database.db
              .select({ email: users.email })
              .from(users)
              .where(inArray(users.id, [...ended]));
      note({ sessions: ended.length, email: people.map(({ email }) => email).join(', ') });
      return ok(null);
    } catch (error) {
      if (!(error instanceof SsoProblem)) throw error;
      note({ reason: error.reason });
      return refuse(error.key);
    }
  },
);
