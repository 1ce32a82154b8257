import 'server-only';
import type { IncomingMessage } from 'node:http';
import { eq } from 'drizzle-orm';
import { users } from '@/lib/db/schema';
import { mainRole, toAccess } from '@/lib/policy/access';
import { serverContext } from '@/lib/server/context';
import {
  anonymousIdentity,
  type Caller,
  describeCaller,
  type IdentifiedActor,
} from '@/lib/server/request-actor';
import { openAuth } from './auth';
import { ABSOLUTE_S } from './session-limits';

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
  if (Date.now() - found.session.createdAt.getTime() > ABSOLUTE_S * 1000) {
    const context = await auth.$context;
    await context.internalAdapter.deleteSession(found.session.token);
    return anonymousIdentity;
  }
  const { db } = (await serverContext()).database;
  const [user] = await db.select().from(users).where(eq(users.id, found.user.id));
  if (user === undefined) return anonymousIdentity;
  const access = toAccess(user.grants);
  const actor = { name: user.email, role: mainRole(access), access };
  return {
    actor,
    credential: { via: 'session', id: found.session.id },
    session: { userId: user.id, startedAt: found.session.createdAt },
  };
}

/** Returns who sent a request to the dashboard, and from where. */
export async function identifyRequest(request: IncomingMessage): Promise<Caller> {
  return describeCaller(request, await findIdentity(request.headers.cookie ?? null));
}
