import 'server-only';
import { randomBytes } from 'node:crypto';
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

const Body = z.object({
  userId: z.string(),
  /** The absolute limit of the session counts from here. */
  createdAt: z.date(),
  authenticatedAt: z.date().nullable(),
  ssoIssuer: z.string().nullable(),
  ssoSubject: z.string().nullable(),
  ssoSid: z.string().nullable(),
});
/** A session as it starts. */
export type StartedSession = z.infer<typeof Body>;

/**
 * Adds `auth.api.startSession` to better-auth: it starts a session for someone who has proved who they are. Like all of
 * better-auth's endpoints, it is not served; only verbs call it.
 */
export const startSessionPlugin = {
  id: 'start-session',
  endpoints: {
    startSession: createAuthEndpoint('/start-session', { method: 'POST', body: Body }, async (context) => {
      const { internalAdapter } = context.context;
      const { userId, ...fields } = context.body;
      const user = await internalAdapter.findUserById(userId);
      invariant(user !== null, 'the account of whoever has just proved who they are exists');
      // With `true`, the fields replace those that better-auth sets, such as the time of creation.
      const token = randomBytes(32).toString('base64url');
      const stored = await internalAdapter.createSession(user.id, false, { ...fields, token }, true);
      // The hash is stored (`hashNewToken`), and the browser gets the token.
      const session = { ...stored, token };
      // The server ends a session earlier if it is unused; the browser would not learn when it was last used.
      await setSessionCookie(context, { session, user }, false, { maxAge: ABSOLUTE_S });
      return context.json({ id: session.id });
    }),
  },
};
