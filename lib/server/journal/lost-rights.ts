import { inArray } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { users } from '@/lib/db/schema';
import { hasAccount } from '@/lib/policy/approval';
import { mayUse } from '@/lib/policy/roles';
import type { VerbName } from '@/lib/policy/verbs';

/**
 * Returns the people among these actors who may not use a verb any more: their account was removed, or has another role
 * now. What they decided earlier and what has not begun yet must not happen.
 */
export async function findLostRights(
  db: Pick<Database, 'select'>,
  actors: readonly string[],
  operation: VerbName,
): Promise<ReadonlySet<string>> {
  const people = [...new Set(actors.filter(hasAccount))];
  if (people.length === 0) return new Set();
  const known = await db
    .select({ email: users.email, role: users.role })
    .from(users)
    .where(inArray(users.email, people));
  const roleOf = (person: string) => known.find(({ email }) => email === person)?.role ?? null;
  return new Set(people.filter((person) => !mayUse(roleOf(person), operation)));
}
