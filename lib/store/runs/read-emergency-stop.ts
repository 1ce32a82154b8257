import { desc } from 'drizzle-orm';
import type { StopLogEntry } from '@/lib/contract/schedule';
import type { Database } from '@/lib/db/database';
import { emergencyStopLog, emergencyStops } from '@/lib/db/schema';

/** The emergency stop: who has paused all changes, since when and why. */
export type EmergencyStop = { readonly actor: string; readonly reason: string; readonly at: string };

/** Returns the actor who has paused all changes; null if they are not paused. */
export async function readEmergencyStop(db: Database): Promise<EmergencyStop | null> {
  const [row] = await db.select().from(emergencyStops);
  return row === undefined ? null : { actor: row.actor, reason: row.reason, at: row.at.toISOString() };
}

const entriesShown = 20;

/** Returns the log of pauses and resumes with their actors, newest first. */
export async function readStopLog(db: Database): Promise<readonly StopLogEntry[]> {
  const rows = await db
    .select()
    .from(emergencyStopLog)
    .orderBy(desc(emergencyStopLog.id))
    .limit(entriesShown);
  return rows.map(({ id, action, actor, reason, at }) => ({
    id,
    action,
    actor,
    reason,
    at: at.toISOString(),
  }));
}
