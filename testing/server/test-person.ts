import type { Database } from '@/lib/db/database';
import { users } from '@/lib/db/schema';
import { type Grants, grantEverywhere, toAccess } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import type { Role } from '@/lib/policy/roles';

/** Creates a person's account, or gives it another role on everything. */
export const giveRole = (db: Pick<Database, 'insert'>, email: string, role: Role): Promise<void> =>
  giveGrants(db, email, grantEverywhere(role));

/** Creates a person's account, or gives it other grants. */
export async function giveGrants(db: Pick<Database, 'insert'>, email: string, grants: Grants): Promise<void> {
  const now = new Date();
  const person = { id: email, name: email, email, emailVerified: false, createdAt: now, updatedAt: now };
  await db
    .insert(users)
    .values({ ...person, grants })
    .onConflictDoUpdate({ target: users.email, set: { grants } });
}

/** Returns an actor with a role on everything and the account that `giveRole` creates; null = not signed in. */
export const testActor = (name: string, role: Role | null): Actor => ({
  name,
  accountId: role !== null && name.includes('@') ? name : null,
  role,
  access: role === null ? [] : toAccess(grantEverywhere(role)),
});
