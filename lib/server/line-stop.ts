import type { Database } from '@/lib/db/database';
import { lineStops } from '@/lib/db/schema';

/** Everything stands still, since when and by whom. */
export type LineStop = { readonly actor: string; readonly reason: string; readonly at: string };

/** Whether the line is stopped; null = it runs. */
export async function readLineStop(db: Database): Promise<LineStop | null> {
  const [row] = await db.select().from(lineStops);
  return row === undefined ? null : { actor: row.actor, reason: row.reason, at: row.at.toISOString() };
}
