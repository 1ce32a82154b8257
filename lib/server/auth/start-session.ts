import 'server-only';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { invariant } from '@/lib/invariant';
import { ABSOLUTE_S } from './session-limits';

/** The session at the provider with which a session here began. */
export type SsoOrigin = {
  readonly issuer: string;
  readonly subject: string;
  /** null = the provider names none. */
  readonly sid: string | null;
};

const Origin = z.object({ issuer: z.string(), subject: z.string(), sid: z.string().nullable() });

/**
 * Adds `auth.api.startSession` to better-auth: it starts a session for someone who has proved who they are. Like all of
 * better-auth's endpoints, it is not served; only verbs call it.
 */
export const startSessionPlugin = {
  id: 'start-session',
  endpoints: {
    startSession: createAuthEndpoint(
      '/start-session',
      { method: 'POST', body: z.object({ userId: z.string(), sso: Origin.nullable() }) },
      async (context) => {
        const { internalAdapter } = context.context;
        const user = await internalAdapter.findUserById(context.body.userId);
        invariant(user !== null, 'the account of whoever has just proved who they are exists');
        const { issuer = null, subject = null, sid = null } = context.body.sso ?? {};
        const origin = { ssoIssuer: issuer, ssoSubject: subject, ssoSid: sid };
        const session = await internalAdapter.createSession(user.id, false, origin);
        // The server ends a session earlier if it is unused; the browser would not learn when it was last used.
        await setSessionCookie(context, { session, user }, false, { maxAge: ABSOLUTE_S });
        return context.json({ id: session.id });
      },
    ),
  },
};
