import { asc } from 'drizzle-orm';
import { z } from 'zod';
import type { PersonView, SessionView } from '@/lib/contract/session';
import { formerPeople, users } from '@/lib/db/schema';
import { type Access, type Limits, listRights, readStoredGrants } from '@/lib/policy/access';
import { isUnlimited } from '@/lib/policy/covers';
import { requestCaller } from '@/lib/server/request-actor';
import { unchangedRead } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { webProcess } from '@/lib/store/web-process';

/** Returns who is signed in with which rights, or that there is no session or no sign-in, or a second factor to
 * set up first. */
export const getSession = query(
  'session.get',
  z.void(),
  'all',
  async (_input, { name, role, access }): Promise<SessionView> => {
    if (webProcess().settings.SPILLWAY_SIGN_IN === 'off') return { signIn: 'off' };
    if (requestCaller()?.lacksSecondFactor) return { signIn: 'secondFactor' };
    if (role === null) return { signIn: 'missing' };
    // Without the database, pages show addresses alone.
    const people = await listPeople(access).catch(() => []);
    return { signIn: 'done', name, role, rights: listRights(access), people };
  },
);

const readPeople = unchangedRead(async () => {
  const { db } = (await serverContext()).database;
  const [present, former] = await Promise.all([
    db.select({ name: users.name, email: users.email, grants: users.grants }).from(users),
    db.select().from(formerPeople).orderBy(asc(formerPeople.removedAt)),
  ]);
  return { present, former };
});

/**
 * Returns the accounts whose names an actor may see, those that had one address in order. Limited roles see the people who have
 * a connection in common with them, and no names of removed accounts.
 */
async function listPeople(access: Access): Promise<readonly PersonView[]> {
  const { present, former } = await readPeople();
  const isEverywhere = access.some(({ limits }) => limits.every(isUnlimited));
  const shares = (ours: Limits, theirs: Limits) =>
    ours.connections === null || (theirs.connections?.some((id) => ours.connections?.includes(id)) ?? true);
  const seen = present.filter(
    ({ grants }) =>
      isEverywhere ||
      readStoredGrants(grants).some((theirs) =>
        access.some(({ limits }) => limits.every((ours) => shares(ours, theirs))),
      ),
  );
  const addresses = new Set(seen.map(({ email }) => email));
  return [
    ...former.flatMap(({ name, email, removedAt }) =>
      isEverywhere || addresses.has(email)
        ? [{ email, name: isEverywhere ? name : '', removedAt: removedAt.toISOString() }]
        : [],
    ),
    ...seen.map(({ name, email }) => ({ email, name, removedAt: null })),
  ];
}
