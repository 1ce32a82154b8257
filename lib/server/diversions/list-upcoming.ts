import { and, eq, gt, inArray, isNull } from 'drizzle-orm';
import type { UpcomingOccurrence } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { connections, diversions, occurrences, recurrences } from '@/lib/db/schema';
import { nextOccurrences, RecurrenceRule } from '@/lib/diversion/recurrence';

/** The time ahead for which they are listed: beyond that, the rule is enough. */
const listedMs = 62 * 86_400_000;
const weekMs = 7 * 86_400_000;

/** Returns the upcoming occurrences that have not been created yet, the next one first. */
export async function listUpcoming(db: Database, now: Date): Promise<readonly UpcomingOccurrence[]> {
  const series = await db
    .select({
      id: recurrences.diversionId,
      rule: recurrences.rule,
      name: diversions.name,
      connectionName: connections.name,
    })
    .from(recurrences)
    .innerJoin(diversions, eq(diversions.id, recurrences.diversionId))
    .innerJoin(connections, eq(connections.id, diversions.connectionId))
    .where(isNull(recurrences.stoppedAt));
  if (series.length === 0) return [];
  const ids = series.map(({ id }) => id);
  const created = await db
    .select({ seriesId: occurrences.seriesId, date: occurrences.date })
    .from(occurrences)
    .where(
      and(
        inArray(occurrences.seriesId, ids),
        isNull(occurrences.replacedAt),
        // Dates below are within a day of their T0.
        gt(occurrences.t0, new Date(now.getTime() - weekMs)),
      ),
    );
  const known = new Set(created.map(({ seriesId, date }) => `${seriesId} ${date}`));
  const range = { from: now.getTime(), until: now.getTime() + listedMs };
  return series
    .flatMap(({ id, rule, name, connectionName }) =>
      // The worker reports a rule that can't be read, and creates nothing by it.
      (RecurrenceRule.safeParse(rule).success ? nextOccurrences(rule, range) : [])
        .filter(({ date }) => !known.has(`${id} ${date}`))
        .map(({ date, t0, t1 }): UpcomingOccurrence => {
          const times = { t0: new Date(t0).toISOString(), t1: new Date(t1).toISOString() };
          return { seriesId: id, name, connectionName, date, ...times };
        }),
    )
    .toSorted((a, b) => a.t0.localeCompare(b.t0));
}
