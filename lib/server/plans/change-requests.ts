'use server';

import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type {
  CancelRequestAction,
  CommentPlanAction,
  DeclinePlanAction,
  RequestApprovalAction,
} from '@/lib/contract/approval';
import type { Database } from '@/lib/db/database';
import { approvalComments, approvalRequests, plans } from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import { getActorKey } from '@/lib/policy/actor';
import { ApprovalWords } from '@/lib/policy/approval-words';
import { ok, type Result } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readApprovalState } from '@/lib/store/plans/approval-state';
import { listApprovers } from '@/lib/store/plans/list-approvers';
import { readApprovals } from '@/lib/store/plans/read-approvals';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';

const Reviewed = z.object({ planId: PlanId, hash: z.string().min(1) });
const Text = z.string().trim().min(1, 'approval.textMissing').max(2000, 'approval.textTooLong');

/** Checks that a plan is the reviewed one, and that approvals still decide something about it. */
async function checkReviewed(
  db: Database,
  { planId, hash }: z.infer<typeof Reviewed>,
): Promise<Result<null, ActionError>> {
  const [plan] = await db.select({ hash: plans.hash }).from(plans).where(eq(plans.id, planId));
  if (plan === undefined) return refuse('plan.gone', { plan: planId });
  if (plan.hash !== hash) return refuse('plan.otherHash');
  const state = await readApprovalState(db, planId);
  return state === 'open' ? ok(null) : refuse(`approval.given.${state}`);
}

const RequestInput = Reviewed.extend({
  /** The e-mail addresses of those who are asked; null = everyone who may approve. */
  approvers: z
    .array(z.string().trim().toLowerCase().min(1).max(200))
    .min(1, 'approval.approversMissing')
    .max(20, 'approval.approversTooMany')
    .nullable(),
  message: z.string().trim().max(2000, 'approval.textTooLong').default(''),
});

/**
 * Asks people to approve the reviewed plan. They see it on their overview and on the plan's page, and alert channels are
 * told. An edit makes the request void, because it is for this hash.
 */
export const requestApproval = verb(
  'approval.request',
  RequestInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, approvers, message }, actor, note): ReturnType<RequestApprovalAction> => {
    note({ approvers: approvers?.join(', ') ?? 'everyone' });
    const { database } = await serverContext();
    return exclusively(database.pool, async ({ db }) => {
      const reviewed = await checkReviewed(db, { planId, hash });
      if (!reviewed.ok) return reviewed;
      const { requirement, authors } = (await readApprovals(db, [planId]))(planId);
      if (requirement.needed === 0) return refuse('approval.notNeeded', { plan: planId });
      const possible = await listApprovers(db, planId, { requirement, authors });
      const unknown = approvers?.find((each) => !possible.includes(each));
      if (unknown !== undefined) return refuseFields({ approvers: ['approval.notApprover'] });
      await db.insert(approvalRequests).values({ planId, hash, approvers, message, actor: actor.name });
      return ok(null);
    });
  },
);

/** Cancels a request: those who were asked no longer see it. It stays recorded. */
export const cancelRequest = verb(
  'approval.cancelRequest',
  z.object({ planId: PlanId, requestId: z.number().int() }),
  ({ planId }) => ({ plan: planId }),
  async ({ planId, requestId }): ReturnType<CancelRequestAction> => {
    const { db } = (await serverContext()).database;
    const [canceled] = await db
      .update(approvalRequests)
      .set({ canceledAt: new Date() })
      .where(
        and(
          eq(approvalRequests.id, requestId),
          eq(approvalRequests.planId, planId),
          isNull(approvalRequests.canceledAt),
        ),
      )
      .returning({ id: approvalRequests.id });
    return canceled === undefined ? refuse('approval.requestGone') : ok(null);
  },
);

const DeclineInput = Reviewed.extend({
  name: ApprovalWords.shape.name,
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/**
 * Declines to approve the reviewed plan. A plan that needs approvals then needs that of this person, too: other
 * approvals don't replace it.
 */
export const declinePlan = verb(
  'approval.decline',
  DeclineInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, name: typed, reason }, actor): ReturnType<DeclinePlanAction> => {
    const { database, settings } = await serverContext();
    const name = settings.SPILLWAY_SIGN_IN === 'on' ? actor.name : typed;
    if (name === null) return refuseFields({ name: ['approval.nameMissing'] });
    return exclusively(database.pool, async ({ db }) => {
      const reviewed = await checkReviewed(db, { planId, hash });
      if (!reviewed.ok) return reviewed;
      const row = { planId, hash, kind: 'decline', text: reason, name, actor: getActorKey(actor) } as const;
      await db.insert(approvalComments).values(row);
      return ok(null);
    });
  },
);

const CommentInput = Reviewed.extend({ name: ApprovalWords.shape.name, text: Text });

/** Adds a comment to a plan. It is kept with this revision, also after its run. */
export const commentPlan = verb(
  'approval.comment',
  CommentInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, name: typed, text }, actor): ReturnType<CommentPlanAction> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const name = settings.SPILLWAY_SIGN_IN === 'on' ? actor.name : typed;
    if (name === null) return refuseFields({ name: ['approval.nameMissing'] });
    const [plan] = await db.select({ hash: plans.hash }).from(plans).where(eq(plans.id, planId));
    if (plan === undefined) return refuse('plan.gone', { plan: planId });
    if (plan.hash !== hash) return refuse('plan.otherHash');
    await db
      .insert(approvalComments)
      .values({ planId, hash, kind: 'comment', text, name, actor: getActorKey(actor) });
    return ok(null);
  },
);
