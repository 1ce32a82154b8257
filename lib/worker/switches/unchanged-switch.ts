import { and, eq, type SQL, sql } from 'drizzle-orm';
import { switches } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';

/**
 * Returns the condition of a write that nobody has enabled or disabled this Switch's failover since it was read. The
 * database counts microseconds.
 */
export function unchangedSince({ id, setAt }: { readonly id: string; readonly setAt: Date }): SQL {
  const isSame = sql`date_trunc('milliseconds', ${switches.setAt}) = ${setAt.toISOString()}::timestamptz`;
  const both = and(eq(switches.id, id), isSame);
  invariant(both !== undefined, 'two conditions make one');
  return both;
}
