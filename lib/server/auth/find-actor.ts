import 'server-only';
import type { IncomingMessage } from 'node:http';
import { eq } from 'drizzle-orm';
import { users } from '@/lib/db/schema';
import { serverContext } from '@/lib/server/context';
import { type Actor, anonymousActor, type Caller } from '@/lib/server/request-actor';
import { openAuth } from './auth';

/** A session ends after 7 days, however much it is used (ASVS 5.0, 7.3.2). */
const ABSOLUTE_MS = 7 * 24 * 3_600_000;

/**
 * Returns who sent a request, by its session cookie; the name is the e-mail address, which is unique. The role is read from the database each time, so that a change
 * applies at once.
 * @param cookie the Cookie header
 */
async function findActor(cookie: string | null): Promise<Actor> {
  if (cookie === null) return anonymousActor;
  const auth = await openAuth();
  const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
  if (found === null) return anonymousActor;
  if (Date.now() - found.session.createdAt.getTime() > ABSOLUTE_MS) {
    const context = await auth.$context;
    await context.internalAdapter.deleteSession(found.session.token);
    return anonymousActor;
  }
  const { db } = (await serverContext()).database;
  const [user] = await db.select().from(users).where(eq(users.id, found.user.id));
  return user === undefined ? anonymousActor : { name: user.email, role: user.role };
}

/** Returns who sent a request to the dashboard, and from where. */
export async function identifyRequest({ headers, socket }: IncomingMessage): Promise<Caller> {
  const cookie = headers.cookie ?? null;
  return {
    actor: await findActor(cookie),
    address: socket.remoteAddress ?? null,
    cookie,
    userAgent: headers['user-agent'] ?? null,
  };
}
