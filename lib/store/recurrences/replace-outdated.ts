import 'server-only';
import { and, asc, count, desc, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import { createTranslator } from 'next-intl';
import type { Database } from '@/lib/db/database';
import { diversions, occurrences, plans, recurrences, runs } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import { recurrenceActor } from '@/lib/diversion/recurrence';
import words from '@/lib/messages/en/diversions.json';
import { isSamePlan } from '@/lib/plan/model/hash';
import type { PlanId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import { serverContext } from '@/lib/store/context';
import { isAtRest } from '@/lib/store/diversions/find-acting';
import { readRecurrence } from '@/lib/store/diversions/read-recurrence';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { makePlan } from '@/lib/store/plans/make-plan';
import { exclusively } from '@/lib/store/runs/exclusively';
import { wakeWaiting } from '@/lib/store/runs/waiting-run';
import { dropOccurrences } from './drop-occurrences';

const translate = createTranslator({
  locale: 'en',
  messages: { diversions: words },
  namespace: 'diversions.repeat',
});

/** The next occurrence of a series, whose plan the last re-validation found outdated. */
type Outdated = { readonly diversionId: DiversionId; readonly planId: PlanId };

/** The minimum time before prewarm to plan and schedule again: later, the last check decides. */
const leadMs = 5 * 60_000;

/**
 * A run that only waits: it has not started, is not stopped by a check, and no operator has approved its plan, paused or
 * canceled it.
 */
const isUntouched = sql`not exists (
    select from run_event where run_id = ${runs.id}
      and event->>'type' in ('passed', 'closed', 'stopped', 'missed', 'paused', 'rescheduled'))
  and not exists (select from approval where plan_id = ${plans.id} and withdrawn_at is null)`;

/** The newest snapshot against which each plan was compared: comparing again would give the same result. */
const comparedAt = new Map<PlanId, string>();

/**
 * Returns the next occurrence of each series if the last re-validation found its plan outdated and it was not created
 * again since the rule was set. Later ones are excluded: the previous occurrence may still change the result.
 */
export async function listOutdated(db: Database, now: Date): Promise<ReadonlyMap<DiversionId, Outdated>> {
  const next = await db
    .selectDistinctOn([occurrences.seriesId], {
      seriesId: occurrences.seriesId,
      date: occurrences.date,
      setAt: recurrences.setAt,
      diversionId: occurrences.diversionId,
      planId: plans.id,
      isOutdated: sql<boolean>`coalesce((
        select event->'problems' @> '[{"kind":"outdated"}]' from run_event
        where run_id = ${runs.id} and event->>'type' = 'checked' order by run_event.id desc limit 1), false)`,
    })
    .from(occurrences)
    .innerJoin(recurrences, eq(recurrences.diversionId, occurrences.seriesId))
    .innerJoin(diversions, eq(diversions.id, occurrences.diversionId))
    .innerJoin(plans, eq(plans.diversionId, occurrences.diversionId))
    .innerJoin(runs, eq(runs.planId, plans.id))
    .where(
      and(
        isNull(recurrences.stoppedAt),
        isNull(occurrences.replacedAt),
        isNull(diversions.discardedAt),
        isUntouched,
        sql`${occurrences.t0} - make_interval(secs => (${runs.cutover}->>'prewarmS')::float) > ${new Date(now.getTime() + leadMs).toISOString()}`,
      ),
    )
    .orderBy(asc(occurrences.seriesId), asc(occurrences.t0), desc(plans.revision));
  const found = new Map<DiversionId, Outdated>();
  for (const { seriesId, date, setAt, isOutdated, ...outdated } of next) {
    if (!isOutdated) continue;
    const earlier = and(eq(occurrences.seriesId, seriesId), eq(occurrences.date, date));
    const [again] = await db
      .select({ count: count() })
      .from(occurrences)
      .where(and(earlier, isNotNull(occurrences.replacedAt), gt(occurrences.createdAt, setAt)));
    if (again?.count === 0) found.set(seriesId, outdated);
  }
  return found;
}

/**
 * Cancels and discards the next occurrence of a series if its plan is outdated and no operator has approved or changed
 * it: its date is then created again on the newest snapshot. Waits while an occurrence of the series is in effect.
 */
export async function replaceOutdated(seriesId: DiversionId, now: Date): Promise<void> {
  const { db, pool } = (await serverContext()).database;
  const outdated = (await listOutdated(db, now)).get(seriesId);
  if (outdated === undefined) return;
  const { diversionId, planId } = outdated;
  const [stored] = await db.select().from(plans).where(eq(plans.id, planId));
  if (stored === undefined) return;
  if (!(await isAtRest(db, seriesId, stored.connectionId))) return;
  const snapshot = await newestSnapshot(db, stored.connectionId);
  if (snapshot === null || comparedAt.get(planId) === snapshot.takenAt) return;
  comparedAt.set(planId, snapshot.takenAt);
  // The snapshot may have changed since that re-validation. A missing object may be missing only temporarily.
  const fresh = await makePlan(stored.connectionId, stored.plan.diversion);
  if (!fresh.ok || isSamePlan(fresh.value.plan, stored.plan)) return;
  const cause = { actor: recurrenceActor, reason: translate('outdatedReason') };
  const dropped = await exclusively(pool, async (decision) => {
    const series = await readRecurrence(decision.db, seriesId);
    const found = series?.occurrences.find((each) => each.diversionId === diversionId);
    const isOpen = found?.isReplaceable === true && series?.stopped === null;
    return isOpen ? dropOccurrences(decision, [found], cause) : ok([]);
  });
  // It has started meanwhile: its own last check before prewarm reports the problem.
  if (!dropped.ok) return;
  for (const run of dropped.value) await wakeWaiting(run, cause.actor, cause.reason);
}
