import 'server-only';
import { and, desc, eq, gt, lte } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connections, sandboxResets } from '@/lib/db/schema';
import type { ChangeRow } from './change-rows';

export type SandboxReset = typeof sandboxResets.$inferSelect;

/** The maximum number of resets searched in a period. */
const resetsMax = 200;

/** Returns when the sandbox data was replaced in a period, newest first; empty for a real account. */
export async function readResets(
  db: Pick<Database, 'select'>,
  connectionId: string,
  from: Date,
  to: Date,
): Promise<readonly SandboxReset[]> {
  const rows = await db
    .select({ reset: sandboxResets })
    .from(sandboxResets)
    .innerJoin(connections, and(eq(connections.id, connectionId), eq(connections.kind, 'sandbox')))
    .where(and(gt(sandboxResets.at, from), lte(sandboxResets.at, to)))
    .orderBy(desc(sandboxResets.at))
    .limit(resetsMax);
  return rows.map(({ reset }) => reset);
}

/**
 * Returns the reset that last changed an object: it lies between the last sync that found the previous state and the
 * end of the first sync that found the new one. null = none.
 * @param resets newest first
 */
export function findReset(resets: readonly SandboxReset[], last: ChangeRow | undefined): SandboxReset | null {
  if (last === undefined) return null;
  const from = (last.seenAt ?? last.previousAt)?.getTime() ?? 0;
  return resets.find(({ at }) => at.getTime() > from && at <= last.storedAt) ?? null;
}
