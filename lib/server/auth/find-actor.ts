import 'server-only';
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { and, eq, gt } from 'drizzle-orm';
import { userSessions, users } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { mainRole, toAccess } from '@/lib/policy/access';
import { lacksSecondFactor } from '@/lib/server/has-second-factor';
import {
  anonymousIdentity,
  type Caller,
  describeCaller,
  type IdentifiedActor,
} from '@/lib/server/request-actor';
import type { Settings } from '@/lib/settings';
import { serverContext } from '@/lib/store/context';
import { openAuth } from './auth';
import { ABSOLUTE_S } from './session-limits';

/**
 * Returns the absolute limit of a session, in s. One that began at a provider is shorter, because the groups of the person are
 * read at a sign-in alone; it ends at once if that provider is no longer set.
 * @param issuer the provider at which it began; null = here
 */
function findLimitS(settings: Settings, issuer: string | null): number {
  if (issuer === null) return ABSOLUTE_S;
  const oidc = getOidcSettings(settings);
  return oidc?.issuer === issuer ? Math.min(ABSOLUTE_S, oidc.sessionS) : 0;
}

/**
 * Returns who sent a request, by its session cookie; the name is the e-mail address, which is unique. The role is read
 * from the database each time, so that a change applies at once.
 * @param cookie the Cookie header
 */
async function findIdentity(cookie: string | null): Promise<IdentifiedActor> {
  if (cookie === null) return anonymousIdentity;
  const auth = await openAuth();
  const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
  if (found === null) return anonymousIdentity;
  const { database, settings } = await serverContext();
  const limitS = findLimitS(settings, found.session.ssoIssuer ?? null);
  if (Date.now() - found.session.createdAt.getTime() >= limitS * 1000) {
    const context = await auth.$context;
    await context.internalAdapter.deleteSession(found.session.token);
    return anonymousIdentity;
  }
  const { user } = found;
  const access = toAccess(user.grants);
  const actor = { name: user.email, accountId: user.id, role: mainRole(access), access };
  const identity: IdentifiedActor = {
    actor,
    credential: { via: 'session', id: found.session.id },
    session: { userId: user.id, authenticatedAt: found.session.authenticatedAt ?? null },
    lacksSecondFactor: await lacksSecondFactor(database.db, user.id),
  };
  return { ...identity, isStillPermitted: () => isStillSignedIn(identity) };
}

/**
 * Returns whether the session of a caller still exists, with the rights that it had: for streams, which outlive their request. It is
 * no use of the session.
 */
export async function isStillSignedIn({ actor, credential }: IdentifiedActor): Promise<boolean> {
  if (credential.via !== 'session') return true;
  const { database, settings } = await serverContext();
  const now = new Date();
  const [found] = await database.db
    .select({ session: userSessions, grants: users.grants })
    .from(userSessions)
    .innerJoin(users, eq(users.id, userSessions.userId))
    .where(and(eq(userSessions.id, credential.id), gt(userSessions.expiresAt, now)));
  if (found === undefined) return false;
  const { createdAt, ssoIssuer, userId } = found.session;
  if (await lacksSecondFactor(database.db, userId)) return false;
  const isYoung = now.getTime() - createdAt.getTime() < findLimitS(settings, ssoIssuer) * 1000;
  return isYoung && isDeepStrictEqual(toAccess(found.grants), actor.access);
}

/** Returns who sent a request to the dashboard, and from where. */
export async function identifyRequest(request: IncomingMessage): Promise<Caller> {
  return describeCaller(request, await findIdentity(request.headers.cookie ?? null));
}
