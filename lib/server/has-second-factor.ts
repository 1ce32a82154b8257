import 'server-only';
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { secondFactors } from '@/lib/db/schema';

/** Returns whether a person needs a code to sign in, and to confirm that it is they. */
export async function hasSecondFactor(db: Database, userId: string): Promise<boolean> {
  const confirmed = and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt));
  return (await db.$count(secondFactors, confirmed)) > 0;
}
