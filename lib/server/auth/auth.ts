import 'server-only';
import { hkdfSync } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { userAccounts, userRateLimits, userSessions, users, userVerifications } from '@/lib/db/schema';
import { passwordMax, passwordMin } from '@/lib/input/password';
import { invariant } from '@/lib/invariant';
import { serverContext } from '@/lib/server/context';
import { clientAddressHeader } from '@/lib/server/request-actor';
import { webProcess } from '@/lib/server/web-process';
import { publicUrl } from '@/lib/settings';

/** A session ends when it is unused for 8 hours: a working day (ASVS 5.0, 7.3.1). */
const IDLE_S = 8 * 3600;
/** At most this often the end of a session is moved, which writes to the database. */
const UPDATE_S = 300;

async function createAuth() {
  const { settings } = webProcess();
  const { database } = await serverContext();
  const url = publicUrl(settings);
  const isSecure = url.startsWith('https:');
  const key = settings.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY;
  invariant(key !== undefined, 'the launcher gives all dashboards on a database one key');
  return betterAuth({
    appName: 'Spillway',
    baseURL: url,
    trustedOrigins: [`http://localhost:${settings.PORT}`],
    basePath: '/api/session',
    // The key is for server actions: derived, so that neither use weakens the other.
    secret: Buffer.from(hkdfSync('sha256', key, '', 'spillway sessions', 32)).toString('base64'),
    database: drizzleAdapter(database.db, {
      provider: 'pg',
      schema: {
        user: users,
        session: userSessions,
        account: userAccounts,
        verification: userVerifications,
        rateLimit: userRateLimits,
      },
    }),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      // Accounts are created with a set-up link alone.
      disableSignUp: true,
      minPasswordLength: passwordMin,
      maxPasswordLength: passwordMax,
    },
    user: { additionalFields: { role: { type: 'string', required: true, input: false } } },
    session: { expiresIn: IDLE_S, updateAge: UPDATE_S },
    rateLimit: {
      enabled: true,
      storage: 'database',
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
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
export type Auth = Awaited<ReturnType<typeof createAuth>>;

let opened: Promise<Auth> | null = null;

/** Returns the sign-in of this process; the next request retries after a failure. */
export function openAuth(): Promise<Auth> {
  opened ??= createAuth().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}
