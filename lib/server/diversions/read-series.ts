import { eq, inArray } from 'drizzle-orm';
import type { SeriesView } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import { occurrences, recurrences } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import { readStoredRecurrence } from '@/lib/diversion/recurrence';

/** Reads which of these diversions are templates or occurrences of series. */
export async function readSeries(
  db: Database,
  ids: readonly DiversionId[],
): Promise<ReadonlyMap<DiversionId, SeriesView>> {
  if (ids.length === 0) return new Map();
  const templates = await db
    .select()
    .from(recurrences)
    .where(inArray(recurrences.diversionId, [...ids]));
  const members = await db
    .select({ occurrence: occurrences, rule: recurrences.rule })
    .from(occurrences)
    .innerJoin(recurrences, eq(recurrences.diversionId, occurrences.seriesId))
    .where(inArray(occurrences.diversionId, [...ids]));
  const found = new Map<DiversionId, SeriesView>();
  for (const { diversionId, rule, stoppedAt } of templates)
    found.set(diversionId, {
      kind: 'template',
      ...readStoredRecurrence(rule),
      isStopped: stoppedAt !== null,
    });
  for (const { occurrence, rule } of members) {
    const { diversionId, seriesId, date, t0, problem } = occurrence;
    const zone = readStoredRecurrence(rule).rule?.zone ?? 'UTC';
    const problems = problem ?? [];
    found.set(diversionId, {
      kind: 'occurrence',
      of: seriesId,
      date,
      t0: t0.toISOString(),
      zone,
      problems,
    });
  }
  return found;
}
