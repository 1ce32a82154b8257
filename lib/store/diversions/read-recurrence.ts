import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { OccurrenceView, RecurrenceView } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import { diversions, occurrences, plans, recurrences } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import { readStoredRecurrence, recurrenceActor } from '@/lib/diversion/recurrence';
import type { PlanId } from '@/lib/plan/model/model';
import { findCurrent, getDiversionState } from '@/lib/run/model/diversion-state';
import { canChangeSchedule } from '@/lib/run/model/schedule-change';
import { findActing } from './find-acting';
import { type RevisionSummary, readRevisionSummaries } from './read-revisions';

/** Covers all occurrences created ahead, and the last weeks of a daily series. */
const newestMax = 100;

/** Returns the newest plan of a diversion that covers its whole intent; null if it has none. */
export async function findTemplate(db: Database, id: DiversionId): Promise<PlanId | null> {
  const [row] = await db
    .select({ id: plans.id })
    .from(plans)
    .where(and(eq(plans.diversionId, id), isNull(sql`${plans.plan}->'restores'`)))
    .orderBy(desc(plans.revision))
    .limit(1);
  return row?.id ?? null;
}

/** Returns whether an occurrence is unchanged since the worker created it, and has not started. */
function isReplaceable(
  { settledAt, problem, t0, t1 }: typeof occurrences.$inferSelect,
  revisions: readonly RevisionSummary[],
): boolean {
  if (revisions.some(({ createdBy }) => createdBy !== recurrenceActor)) return false;
  const [newest] = revisions;
  if (newest === undefined || newest.runId === null) return settledAt === null || problem !== null;
  const { cutover, runState, isBegun } = newest;
  const isAsCreated = cutover?.t0 === t0.toISOString() && cutover.t1 === t1.toISOString();
  return isAsCreated && canChangeSchedule('cancelSchedule', { state: runState, isBegun });
}

/** Reads the rule by which a diversion repeats, with its occurrences; null if it is not a template. */
export async function readRecurrence(db: Database, id: DiversionId): Promise<RecurrenceView | null> {
  const [row] = await db.select().from(recurrences).where(eq(recurrences.diversionId, id));
  if (row === undefined) return null;
  const { rule, setBy, setAt, stoppedBy, stoppedAt } = row;
  const members = await db
    .select({ occurrence: occurrences, discardedAt: diversions.discardedAt })
    .from(occurrences)
    .innerJoin(diversions, eq(diversions.id, occurrences.diversionId))
    .where(and(eq(occurrences.seriesId, id), isNull(occurrences.replacedAt)))
    .orderBy(desc(occurrences.t0))
    .limit(newestMax);
  const ids = members.map(({ occurrence }) => occurrence.diversionId);
  const revisions = await readRevisionSummaries(db, ids);
  const template = await findTemplate(db, id);
  return {
    ...readStoredRecurrence(rule),
    setBy,
    setAt: setAt.toISOString(),
    stopped: stoppedAt === null ? null : { by: stoppedBy ?? '', at: stoppedAt.toISOString() },
    occurrences: members.map(({ occurrence, discardedAt }): OccurrenceView => {
      const { diversionId, date, t0, t1, problem, templateId } = occurrence;
      const own = revisions.get(diversionId) ?? [];
      const isDiscarded = discardedAt !== null;
      return {
        diversionId,
        date,
        t0: t0.getTime(),
        t1: t1.getTime(),
        state: getDiversionState(own, isDiscarded),
        runId: own[findCurrent(own)]?.runId ?? null,
        problems: isDiscarded || own.some(({ runState }) => runState !== null) ? [] : (problem ?? []),
        isReplaceable: !isDiscarded && isReplaceable(occurrence, own),
        isCurrent: templateId === template,
      };
    }),
    waitsFor: stoppedAt === null ? await findActing(db, id) : null,
  };
}
