import 'server-only';
import { type BetterAuthOptions, betterAuth, type DBAdapter, type Where } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { and, eq, lt, ne } from 'drizzle-orm';
import { userAccounts, userSessions, users, userVerifications } from '@/lib/db/schema';
import { passwordMax, passwordMin } from '@/lib/input/password';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { clientAddressHeader } from '@/lib/server/request-actor';
import { publicUrl } from '@/lib/settings';
import { type ServerContext, serverContext } from '@/lib/store/context';
import { deriveKey } from './derive-key';
import { passwordHashes } from './password-hashes';
import { IDLE_S } from './session-limits';
import { startSessionPlugin } from './start-session';

type Query = { readonly model: string; readonly where?: Where[] | undefined };

/** Returns a query of sessions with the hashes of the tokens that it names; others unchanged. */
function hashTokens<Q extends Query>(query: Q): Q {
  if (query.model !== 'session' || query.where === undefined) return query;
  const where = query.where.map((each) =>
    each.field === 'token' ? { ...each, value: hashToken(String(each.value)) } : each,
  );
  return { ...query, where };
}

/** Gives a session the token by which it was found, so that better-auth finds it again, and puts it into the cookie. */
function restoreToken<T>({ model, where }: Query, row: T): T {
  const token = where?.find(({ field }) => field === 'token')?.value;
  if (model !== 'session' || typeof token !== 'string' || typeof row !== 'object' || row === null) return row;
  return { ...row, token };
}

/**
 * Wraps the database of better-auth so that it finds sessions by the SHA-256 of their tokens, which alone is stored: a copy of the
 * database opens no session. A session that is not found by its token has the hash in its place, so it is ended by its
 * id. `hashNewToken` stores it.
 */
function findByTokenHash(
  open: (options: BetterAuthOptions) => DBAdapter,
): (options: BetterAuthOptions) => DBAdapter {
  return (options) => {
    const stored = open(options);
    return {
      ...stored,
      findOne: async <T>(query: Parameters<DBAdapter['findOne']>[0]) =>
        restoreToken(query, await stored.findOne<T>(hashTokens(query))),
      findMany: async <T>(query: Parameters<DBAdapter['findMany']>[0]) => {
        const rows = await stored.findMany<T>(hashTokens(query));
        return rows.map((row) => restoreToken(query, row));
      },
      update: async <T>(query: Parameters<DBAdapter['update']>[0]) =>
        restoreToken(query, await stored.update<T>(hashTokens(query))),
      delete: (query) => stored.delete(hashTokens(query)),
      deleteMany: (query) => stored.deleteMany(hashTokens(query)),
    };
  };
}

/** Replaces the token of a session that is about to be stored by its hash. */
const hashNewToken = async ({ token }: { readonly token: string }) => ({
  data: { token: hashToken(token) },
});

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
