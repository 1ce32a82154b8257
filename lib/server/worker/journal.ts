import { asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { runEvents } from '@/lib/db/schema';
import type { Journal } from '@/lib/run/ports';

/** The journal of one run in the database. An event may be written twice when its connection breaks; folding bears it. */
export function databaseJournal(db: Database, runId: string): Journal {
  return {
    append: (event) =>
      reconnecting(async () => {
        await db.insert(runEvents).values({ runId, event });
      }),
    read: () =>
      reconnecting(async () => {
        const rows = await db
          .select({ event: runEvents.event })
          .from(runEvents)
          .where(eq(runEvents.runId, runId))
          .orderBy(asc(runEvents.id));
        return rows.map((row) => row.event);
      }),
  };
}
