import 'server-only';
import { and, asc, eq, inArray, like, or, sql } from 'drizzle-orm';
import type { ActivityEntry, ActivityView } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import {
  alertAcknowledgements,
  approvalComments,
  approvalRequests,
  approvals,
  breakGlasses,
  diversions,
  recurrenceChanges,
  runWatches,
  switches,
} from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import { readStoredRecurrence } from '@/lib/diversion/recurrence';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readRevisions } from '@/lib/store/diversions/read-revisions';
import { loadRuns } from '@/lib/store/runs/load-run';

/** Returns the actor of an event; null = Spillway itself. */
function actorOf(event: RunEvent): string | null {
  return 'actor' in event ? event.actor : null;
}

function listRunEntries(run: RunRecord): readonly ActivityEntry[] {
  const steps = new Map([...run.plan.steps, ...run.plan.rollback].map((step) => [step.id, step]));
  const requested = run.attempts.map(
    ({ attempt, direction, actor, reason, requestedAt: at }): ActivityEntry => {
      return { kind: 'requested', at, actor, runId: run.id, attempt, direction, reason };
    },
  );
  const events = run.events.map((event): ActivityEntry => {
    const step = 'stepId' in event && event.stepId !== null ? (steps.get(event.stepId) ?? null) : null;
    return { kind: 'run', at: event.at, actor: actorOf(event), runId: run.id, event, step };
  });
  return [...requested, ...events];
}

type Acknowledged = Extract<ActivityEntry, { kind: 'acknowledged' }>;

/** Reads the acknowledged alerts of runs, and of the failovers that started them. */
async function listAcknowledged(db: Database, runIds: readonly RunId[]): Promise<readonly ActivityEntry[]> {
  if (runIds.length === 0) return [];
  const { subject, occurrence, actor, reason, at } = alertAcknowledgements;
  const ids = [...runIds];
  const rows = await db
    .select({
      // The alert of a run is one of its events; that of a Switch is the run of its failover.
      runId: sql<RunId>`case when ${inArray(subject, ids)} then ${subject} else ${occurrence} end`,
      alert: sql<Acknowledged['alert']>`coalesce(
        (select event->>'type' from run_event where run_id = ${subject} and run_event.id::text = ${occurrence}),
        case when ${occurrence} like 'breach %' then 'breach'
          when ${occurrence} like 'breakGlass %' then 'breakGlass' else 'failover' end)`,
      actor,
      reason,
      at,
    })
    .from(alertAcknowledgements)
    .where(or(inArray(subject, ids), inArray(occurrence, ids)))
    .orderBy(asc(alertAcknowledgements.id));
  return rows.map((row): ActivityEntry => ({ kind: 'acknowledged', ...row, at: row.at.toISOString() }));
}

/** Reads the acknowledged alerts of a Switch whose failover could not move traffic: these have no run. */
async function listAcknowledgedStuck(db: Database, id: DiversionId): Promise<readonly ActivityEntry[]> {
  const { subject, occurrence, diversionId, actor, reason, at } = alertAcknowledgements;
  const own = db.select({ id: switches.id }).from(switches).where(eq(switches.diversionId, id));
  const rows = await db
    .select({ actor, reason, at })
    .from(alertAcknowledgements)
    .where(and(like(occurrence, 'stuck %'), or(eq(diversionId, id), inArray(subject, own))))
    .orderBy(asc(alertAcknowledgements.id));
  return rows.map((row): ActivityEntry => ({ kind: 'acknowledgedStuck', ...row, at: row.at.toISOString() }));
}

/** Reads the breaches of guards after the ends of runs. */
async function listBreaches(db: Database, runIds: readonly RunId[]): Promise<readonly ActivityEntry[]> {
  if (runIds.length === 0) return [];
  const rows = await db
    .select({ runId: runWatches.runId, summary: runWatches.summary })
    .from(runWatches)
    .where(inArray(runWatches.runId, [...runIds]));
  return rows.flatMap(({ runId, summary }) =>
    summary.breaches.map(
      ({ at, breach, failed }): ActivityEntry => ({ kind: 'breach', at, actor: null, runId, breach, failed }),
    ),
  );
}

/** Reads what people wrote about plans: requests, declines, comments, and why one runs without approvals. */
async function listPlanWords(db: Database, planIds: readonly PlanId[]): Promise<readonly ActivityEntry[]> {
  if (planIds.length === 0) return [];
  const ids = [...planIds];
  const [marks, requests, comments] = await Promise.all([
    db.select().from(breakGlasses).where(inArray(breakGlasses.planId, ids)).orderBy(asc(breakGlasses.id)),
    db
      .select()
      .from(approvalRequests)
      .where(inArray(approvalRequests.planId, ids))
      .orderBy(asc(approvalRequests.id)),
    db
      .select()
      .from(approvalComments)
      .where(inArray(approvalComments.planId, ids))
      .orderBy(asc(approvalComments.id)),
  ]);
  return [
    ...marks.map(({ planId, reason: text, actor, at }): ActivityEntry => {
      return { kind: 'breakGlass', planId, text, actor, at: at.toISOString() };
    }),
    ...requests.map(({ planId, message: text, actor, at }): ActivityEntry => {
      return { kind: 'approvalRequested', planId, text, actor, at: at.toISOString() };
    }),
    ...comments.map(({ planId, kind, text, actor, at }): ActivityEntry => {
      return {
        kind: kind === 'decline' ? 'declined' : 'commented',
        planId,
        text,
        actor,
        at: at.toISOString(),
      };
    }),
  ];
}

/** Reads the changes of the recurrence of a diversion. */
async function listRecurrenceChanges(db: Database, id: DiversionId): Promise<readonly ActivityEntry[]> {
  const rows = await db
    .select()
    .from(recurrenceChanges)
    .where(eq(recurrenceChanges.diversionId, id))
    .orderBy(asc(recurrenceChanges.id));
  return rows.map(
    ({ at, actor, change, rule, reason }): ActivityEntry => ({
      kind: 'recurrence',
      at: at.toISOString(),
      actor,
      change,
      rule: readStoredRecurrence(rule).rule,
      reason,
    }),
  );
}

/** Returns all events of a diversion, oldest first; null if it does not exist. */
export const getActivity = query(
  'diversion.getActivity',
  DiversionId,
  (diversion) => ({ diversion }),
  async (id): Promise<ActivityView | null> => {
    const { db } = (await serverContext()).database;
    const [row] = await db.select().from(diversions).where(eq(diversions.id, id));
    if (row === undefined) return null;
    const revisions = (await readRevisions(db, [id])).get(id) ?? [];
    const given = await db
      .select()
      .from(approvals)
      .where(
        inArray(
          approvals.planId,
          revisions.map(({ planId }) => planId),
        ),
      )
      .orderBy(asc(approvals.id));
    const runIds = revisions.flatMap(({ runId }) => runId ?? []);
    const [runs, words, acknowledged, stuck, breaches, changes] = await Promise.all([
      loadRuns(db, runIds),
      listPlanWords(
        db,
        revisions.map(({ planId }) => planId),
      ),
      listAcknowledged(db, runIds),
      listAcknowledgedStuck(db, id),
      listBreaches(db, runIds),
      listRecurrenceChanges(db, id),
    ]);
    const entries: readonly ActivityEntry[] = [
      { kind: 'created', at: row.createdAt.toISOString(), actor: row.createdBy },
      ...revisions.map(
        ({ planId, number, blocks, createdAt, createdBy }): ActivityEntry => ({
          kind: 'planned',
          at: createdAt,
          actor: createdBy,
          planId,
          revision: number,
          blocks,
        }),
      ),
      ...given.flatMap(({ planId, name, comment, actor, at, withdrawnAt }): readonly ActivityEntry[] => {
        const approval = { planId, name, comment, actor };
        const approved = { ...approval, kind: 'approved', at: at.toISOString() } as const;
        if (withdrawnAt === null) return [approved];
        return [approved, { ...approval, kind: 'approvalWithdrawn', at: withdrawnAt.toISOString() }];
      }),
      ...words,
      ...runs.flatMap(listRunEntries),
      ...changes,
      ...acknowledged,
      ...stuck,
      ...breaches,
      ...(row.discardedAt === null
        ? []
        : [{ kind: 'discarded', at: row.discardedAt.toISOString(), actor: row.discardedBy } as const]),
    ];
    // The sort is stable: events of the same instant keep their recorded order.
    return {
      diversionId: id,
      entries: entries.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
    };
  },
);
