import { desc } from 'drizzle-orm';
import type { StopLogEntry } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { lineStops, stopLog } from '@/lib/db/schema';

/** The emergency stop: since when all changes are paused, by whom and why. */
export type LineStop = { readonly actor: string; readonly reason: string; readonly at: string };

/** Returns who has paused all changes; null when nobody has. */
export async function readLineStop(db: Database): Promise<LineStop | null> {
  const [row] = await db.select().from(lineStops);
  return row === undefined ? null : { actor: row.actor, reason: row.reason, at: row.at.toISOString() };
}

const entriesShown = 20;

/** Returns the log of pauses and resumes with their actors, newest first. */
export async function readStopLog(db: Database): Promise<readonly StopLogEntry[]> {
  const rows = await db.select().from(stopLog).orderBy(desc(stopLog.id)).limit(entriesShown);
  return rows.map(({ id, action, actor, reason, at }) => ({
    id,
    action,
    actor,
    reason,
    at: at.toISOString(),
  }));
}
