import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { approvals, plans } from '@/lib/db/schema';
import type { PlanId } from '@/lib/plan/model/model';
import type { ApprovalCount } from '@/lib/policy/approval';
import type { ConnectionKind } from '@/lib/policy/connection-kinds';
import { findLostRights } from '@/lib/server/journal/lost-rights';
import { readPolicies } from '@/lib/server/settings/read-policies';

/** Selects the approvals that count: not withdrawn, and given to the plan as stored. */
const counts = and(isNull(approvals.withdrawnAt), eq(approvals.hash, plans.hash));

/** A plan, with the kind of connection whose policy applies to it. */
type Of = { readonly planId: PlanId; readonly kind: ConnectionKind };

/**
 * Returns the number of approvals of each of these plans, and the number that the policies require now. An approval
 * counts as long as its person may approve.
 */
export async function readApprovalCounts(
  db: Database,
  planIds: readonly PlanId[],
): Promise<(plan: Of) => ApprovalCount> {
  const [policies, rows] = await Promise.all([
    readPolicies(db),
    db
      .select({ planId: approvals.planId, actor: approvals.actor })
      .from(approvals)
      .innerJoin(plans, eq(plans.id, approvals.planId))
      .where(and(inArray(approvals.planId, [...planIds]), counts)),
  ]);
  const actors = rows.map(({ actor }) => actor);
  const lost = await findLostRights(db, actors, 'plan.approve');
  return ({ planId, kind }) => ({
    needed: policies.find((each) => each.kind === kind)?.policy.approvals ?? 0,
    given: rows.filter((row) => row.planId === planId && !lost.has(row.actor)).length,
  });
}

/** Returns the same for one plan. */
export async function readApprovalCount(db: Database, plan: Of): Promise<ApprovalCount> {
  return (await readApprovalCounts(db, [plan.planId]))(plan);
}
