import 'server-only';
import { asc, eq, inArray } from 'drizzle-orm';
import type { ActivityEntry, ActivityView } from '@/lib/client/diversion-views';
import { approvals, diversions } from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { serverContext } from '@/lib/server/context';
import { loadRuns } from '@/lib/server/journal/load-run';
import { query } from '@/lib/server/verb';
import { readRevisions } from './read-revisions';

/** Returns the actor of an event; null = Spillway itself. */
function actorOf(event: RunEvent): string | null {
  return 'actor' in event ? event.actor : null;
}

function listRunEntries(run: RunRecord): readonly ActivityEntry[] {
  const steps = new Map([...run.plan.steps, ...run.plan.revert].map((step) => [step.id, step]));
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

/** Returns every event in the life of a diversion, oldest first; null if there is none with this id. */
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
    const runs = await loadRuns(db, runIds);
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
      ...runs.flatMap(listRunEntries),
      ...(row.discardedAt === null
        ? []
        : [{ kind: 'discarded', at: row.discardedAt.toISOString(), actor: row.discardedBy } as const]),
    ];
    // Sorting is stable: events of one instant keep the order in which they were recorded.
    return {
      diversionId: id,
      entries: entries.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
    };
  },
);
