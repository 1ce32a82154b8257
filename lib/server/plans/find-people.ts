import { inArray } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { formerPeople, users } from '@/lib/db/schema';

/** Returns the addresses of accounts, also of removed ones, by their ids; what is no account's id stays as it is. */
export async function findAddresses(
  db: Pick<Database, 'select'>,
  keys: readonly string[],
): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const [present, former] = await Promise.all([
    db
      .select({ id: users.id, email: users.email })
      .from(users)
      .where(inArray(users.id, [...keys])),
    db
      .select({ id: formerPeople.id, email: formerPeople.email })
      .from(formerPeople)
      .where(inArray(formerPeople.id, [...keys])),
  ]);
  const addresses = new Map([...former, ...present].map(({ id, email }) => [id, email]));
  return keys.map((key) => addresses.get(key) ?? key);
}
