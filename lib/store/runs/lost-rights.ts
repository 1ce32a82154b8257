import { inArray, or } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { users } from '@/lib/db/schema';
import { mayUseEverywhere, mayUseOn, toAccess } from '@/lib/policy/access';
import type { ObjectScope } from '@/lib/policy/actor';
import { hasAccount } from '@/lib/policy/approval';
import type { VerbName } from '@/lib/policy/verbs';
import { readFootprint } from '@/lib/store/read-footprint';

/**
 * Returns the people among these actors who may not use a verb on these objects any more: their account was removed, or has
 * other grants now. What they decided earlier and what has not begun yet must not happen.
 * @param actors by the ids of their accounts, or by the addresses that a run has recorded
 */
export async function findLostRights(
  db: Pick<Database, 'select' | 'selectDistinct'>,
  actors: readonly string[],
  operation: VerbName,
  scope: ObjectScope,
): Promise<ReadonlySet<string>> {
  const people = [...new Set(actors.filter(hasAccount))];
  if (people.length === 0) return new Set();
  const rows = await db
    .select({ id: users.id, email: users.email, grants: users.grants })
    .from(users)
    .where(or(inArray(users.id, people), inArray(users.email, people)));
  const known = rows.flatMap(({ id, email, grants }) => [
    { key: id, grants },
    { key: email, grants },
  ]);
  const limited = known
    .map(({ key, grants }) => ({ key, access: toAccess(grants) }))
    .filter(({ access }) => !mayUseEverywhere(access, operation));
  const footprint = limited.length === 0 ? null : await readFootprint(db, scope);
  const able = new Set(known.map(({ key }) => key));
  for (const { key, access } of limited)
    if (footprint === null || !mayUseOn(access, operation, footprint)) able.delete(key);
  return new Set(people.filter((person) => !able.has(person)));
}
