import type { Database } from '@/lib/db/database';
import { users } from '@/lib/db/schema';
import type { Role } from '@/lib/policy/roles';

/** Creates a person's account, or gives it another role. */
export async function giveRole(db: Pick<Database, 'insert'>, email: string, role: Role): Promise<void> {
  const now = new Date();
  const person = { id: email, name: email, email, emailVerified: false, createdAt: now, updatedAt: now };
  await db
    .insert(users)
    .values({ ...person, role })
    .onConflictDoUpdate({ target: users.email, set: { role } });
}
