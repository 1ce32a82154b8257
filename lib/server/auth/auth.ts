import 'server-only';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { and, eq, lt, ne } from 'drizzle-orm';
import { userAccounts, userSessions, users, userVerifications } from '@/lib/db/schema';
import { passwordMax, passwordMin } from '@/lib/input/password';
import { type ServerContext, serverContext } from '@/lib/server/context';
import { clientAddressHeader } from '@/lib/server/request-actor';
import { publicUrl } from '@/lib/settings';
import { deriveKey } from './derive-key';
import { passwordHashes } from './password-hashes';
import { IDLE_S } from './session-limits';
import { findByTokenHash, hashNewToken } from './session-tokens';
import { startSessionPlugin } from './start-session';

/** At most this often the end of a session is moved, which writes to the database. */
const UPDATE_S = 300;

function createAuth({ settings, database }: ServerContext) {
  const url = publicUrl(settings);
  const isSecure = url.startsWith('https:');
  return betterAuth({
    appName: 'Spillway',
    baseURL: url,
    trustedOrigins: [`http://localhost:${settings.PORT}`],
    basePath: '/api/session',
    secret: deriveKey('sessions').toString('base64'),
    database: findByTokenHash(
      drizzleAdapter(database.db, {
        provider: 'pg',
        schema: {
          user: users,
          session: userSessions,
          account: userAccounts,
          verification: userVerifications,
        },
      }),
    ),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      // Accounts are created with a set-up link alone.
      disableSignUp: true,
      minPasswordLength: passwordMin,
      maxPasswordLength: passwordMax,
      password: passwordHashes,
    },
    user: { additionalFields: { grants: { type: 'json', required: true, input: false } } },
    session: {
      expiresIn: IDLE_S,
      updateAge: UPDATE_S,
      additionalFields: {
        authenticatedAt: { type: 'date', required: false, input: false },
        ssoIssuer: { type: 'string', required: false, input: false },
        ssoSubject: { type: 'string', required: false, input: false },
        ssoSid: { type: 'string', required: false, input: false },
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: hashNewToken,
          // Those that have expired are of no use once a newer one shows when the person was last here.
          after: async ({ id, userId }) => {
            const isExpired = lt(userSessions.expiresAt, new Date());
            const isOther = and(eq(userSessions.userId, userId), ne(userSessions.id, id));
            await database.db.delete(userSessions).where(and(isOther, isExpired));
          },
        },
      },
    },
    // Its endpoints are not served. `beginAttempt` limits the verbs.
    rateLimit: { enabled: false },
    plugins: [startSessionPlugin],
    advanced: {
      // No other host, and no page without TLS, can set a cookie of such a name:
      // https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
      cookiePrefix: isSecure ? '__Host-spillway' : 'spillway',
      useSecureCookies: false,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/', secure: isSecure },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
  });
}
type Auth = ReturnType<typeof createAuth>;

let opened: { readonly context: ServerContext; readonly auth: Auth } | null = null;

/** Returns the sign-in of this process, over its current database. */
export async function openAuth(): Promise<Auth> {
  const context = await serverContext();
  if (opened?.context !== context) opened = { context, auth: createAuth(context) };
  return opened.auth;
}
