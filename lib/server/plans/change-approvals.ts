'use server';

import { and, eq, gte, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ApprovePlanAction, WithdrawApprovalAction } from '@/lib/contract/approval';
import type { Database } from '@/lib/db/database';
import { approvals, plans, rehearsals } from '@/lib/db/schema';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId } from '@/lib/plan/model/model';
import { getActorKey } from '@/lib/policy/actor';
import { nameKey } from '@/lib/policy/approval';
import { ApprovalWords } from '@/lib/policy/approval-words';
import { ok } from '@/lib/result';
import { checkSafety } from '@/lib/server/plans/check-safety';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readApprovalState } from '@/lib/store/plans/approval-state';
import { readApprovals } from '@/lib/store/plans/read-approvals';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';

const ApproveInput = ApprovalWords.extend({ planId: PlanId, hash: z.string().min(1) });

/**
 * Stores an approval of exactly the reviewed plan, by its hash: that of the signed-in person, whatever name was sent;
 * without sign-in, that of the typed name. A name counts once. An author of the plan is refused where only others may
 * approve it. A run that waits is checked again at once.
 */
export const approvePlan = verb(
  'plan.approve',
  ApproveInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, name: typed, comment }, actor): ReturnType<ApprovePlanAction> => {
    const { database, settings } = await serverContext();
    const name = settings.SPILLWAY_SIGN_IN === 'on' ? actor.name : typed;
    if (name === null) return refuseFields({ name: ['approval.nameMissing'] });
    const allowed = await checkSafety(database.db, planId);
    if (!allowed.ok) return allowed;
    return exclusively(database.pool, async ({ db }) => {
      const [plan] = await db.select().from(plans).where(eq(plans.id, planId));
      if (plan === undefined) return refuse('plan.gone', { plan: planId });
      if (plan.hash !== hash || (await planHash(plan.plan)) !== hash) return refuse('plan.otherHash');
      const state = await readApprovalState(db, planId);
      if (state !== 'open') return refuse(`approval.given.${state}`);
      const { requirement, authors } = (await readApprovals(db, [planId]))(planId);
      if (
        requirement.needed > 0 &&
        !requirement.selfApproval &&
        actor.accountId !== null &&
        authors.includes(actor.accountId)
      )
        return refuse('approval.own');
      const { rehearsedWithinH: hours } = requirement;
      if (hours !== null && !(await isRehearsed(db, { planId, hash, hours })))
        return refuse('approval.notRehearsed', { hours });
      const written = await db
        .insert(approvals)
        .values({
          planId,
          hash,
          name,
          nameKey: actor.accountId ?? nameKey(name),
          comment,
          actor: getActorKey(actor),
        })
        .onConflictDoNothing()
        .returning({ id: approvals.id });
      return written.length === 0 ? refuseFields({ name: ['approval.twice'] }) : ok(null);
    });
  },
);

type Rehearsed = { readonly planId: PlanId; readonly hash: string; readonly hours: number };

/**
 * Returns whether a rehearsal of exactly this plan, without commands of operators, has met its goals within the last hours.
 * One over HTTP does not count: its load is bounded, so it says nothing about the capacity for the event.
 */
async function isRehearsed(
  db: Pick<Database, '$count'>,
  { planId, hash, hours }: Rehearsed,
): Promise<boolean> {
  const isOfPlan = and(eq(rehearsals.planId, planId), eq(rehearsals.hash, hash));
  const isMet = eq(rehearsals.verdict, 'met');
  const isNew = gte(rehearsals.endedAt, new Date(Date.now() - hours * 3_600_000));
  // A run that was left as is, for example, meets its goals without moving anything.
  const isOnItsOwn = sql`coalesce(jsonb_array_length(${rehearsals.input}->'settings'->'commands'), 0) = 0`;
  return (await db.$count(rehearsals, and(isOfPlan, isMet, isNew, isOnItsOwn))) > 0;
}

/**
 * Withdraws an approval: it stays stored but no longer counts. Refused after the run's last check before T0, when
 * approvals have no effect: then the run must be rolled back by a command.
 */
export const withdrawApproval = verb(
  'approval.withdraw',
  z.number().int(),
  (id) => ({ approval: String(id) }),
  async (id, _actor, note): ReturnType<WithdrawApprovalAction> => {
    const { database } = await serverContext();
    return exclusively(database.pool, async ({ db }) => {
      const isInForce = and(eq(approvals.id, id), isNull(approvals.withdrawnAt));
      const [approval] = await db.select().from(approvals).where(isInForce);
      if (approval === undefined) return refuse('approval.gone');
      note({ plan: approval.planId, name: approval.name });
      const state = await readApprovalState(db, approval.planId);
      if (state !== 'open') return refuse(`approval.withdrawn.${state}`);
      await db.update(approvals).set({ withdrawnAt: new Date() }).where(isInForce);
      return ok(null);
    });
  },
);
