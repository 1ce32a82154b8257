import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ApprovalRequestView, RequestedApproval } from '@/lib/contract/approval';
import type { Database } from '@/lib/db/database';
import { approvalRequests, diversions, plans } from '@/lib/db/schema';
import type { PlanId } from '@/lib/plan/model/model';
import { isUnapproved } from '@/lib/policy/approval';
import { isOpenRun, runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { listApprovers } from './list-approvers';
import { type PlanApprovals, readApprovals } from './read-approvals';

/** Reads the requests to approve a plan, the newest last, and how many requests for earlier revisions an edit made void. */
export async function readRequests(
  db: Database,
  planId: PlanId,
  { count, requirement, authors }: Pick<PlanApprovals, 'count' | 'requirement' | 'authors'>,
): Promise<{ readonly requests: readonly ApprovalRequestView[]; readonly voidRequests: number }> {
  const own = alias(plans, 'own');
  const newer = alias(plans, 'newer');
  const [rows, [superseded], [earlier], possible] = await Promise.all([
    db
      .select()
      .from(approvalRequests)
      .where(eq(approvalRequests.planId, planId))
      .orderBy(asc(approvalRequests.id)),
    db
      .select({ planId: newer.id })
      .from(own)
      .innerJoin(newer, and(eq(newer.diversionId, own.diversionId), lt(own.revision, newer.revision)))
      .where(and(eq(own.id, planId), sql`${newer.plan}->'restores' is null`))
      .limit(1),
    db
      .select({ count: sql<number>`count(*)::int` })
      .from(own)
      .innerJoin(plans, and(eq(plans.diversionId, own.diversionId), lt(plans.revision, own.revision)))
      .innerJoin(approvalRequests, eq(approvalRequests.planId, plans.id))
      .where(and(eq(own.id, planId), isNull(approvalRequests.canceledAt))),
    listApprovers(db, planId, { requirement, authors }),
  ]);
  const isEnough = !isUnapproved(count);
  const requests = rows.map(({ id, actor, approvers, message, at, canceledAt }): ApprovalRequestView => {
    const gone = (approvers ?? []).filter((each) => !possible.includes(each));
    const state =
      canceledAt !== null ? 'canceled' : superseded !== undefined ? 'void' : isEnough ? 'approved' : 'open';
    return { id, actor, approvers, message, at: at.toISOString(), state, gone };
  });
  return { requests, voidRequests: earlier?.count ?? 0 };
}

/** Reads the open requests: for plans that are their diversion's newest, have not run, and still lack approvals. */
export async function readOpenRequests(db: Database): Promise<readonly RequestedApproval[]> {
  const rows = await db
    .select({
      request: approvalRequests,
      name: diversions.name,
      diversionId: plans.diversionId,
    })
    .from(approvalRequests)
    .innerJoin(plans, and(eq(plans.id, approvalRequests.planId), eq(plans.hash, approvalRequests.hash)))
    .innerJoin(diversions, eq(diversions.id, plans.diversionId))
    .where(
      and(
        isNull(approvalRequests.canceledAt),
        isNull(diversions.discardedAt),
        sql`not exists (select from plan as newer where newer.diversion_id = ${plans.diversionId}
          and newer.revision > ${plans.revision} and newer.plan->'restores' is null)`,
        // A run at once has ended the decision until it is stopped; one that has ended leaves nothing to decide.
        sql`not exists (select from ${runsWithStateEvent} where run.plan_id = ${plans.id} and (not ${isOpenRun}
          or (run.cutover is null and state_event.event->>'type' is distinct from 'stopped')))`,
      ),
    )
    .orderBy(asc(approvalRequests.id));
  if (rows.length === 0) return [];
  const planIds = [...new Set(rows.map(({ request }) => request.planId))];
  const read = await readApprovals(db, planIds);
  const open = rows.filter(({ request }) => isUnapproved(read(request.planId).count));
  return Promise.all(
    open.map(async ({ request, name, diversionId }): Promise<RequestedApproval> => {
      const { requirement, authors, judged, rows: given, count } = read(request.planId);
      const possible = await listApprovers(db, request.planId, { requirement, authors });
      const done = given.filter((_, nth) => judged[nth]?.why === null).map((row) => row.name);
      const asked = (request.approvers ?? possible).filter(
        (each) => possible.includes(each) && !done.includes(each),
      );
      const { id, planId, actor, message, at } = request;
      return {
        id,
        planId,
        diversionId,
        name,
        actor,
        message,
        at: at.toISOString(),
        asked,
        isForEveryone: request.approvers === null,
        given: count.given,
        needed: count.needed,
      };
    }),
  );
}
