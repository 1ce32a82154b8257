import { asc, eq, inArray } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { approvalComments, approvals, breakGlasses, connections, plans } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import type { ApprovalCount } from '@/lib/policy/approval';
import { type ApprovalFacts, type ApprovalRequirement, findRequirement } from '@/lib/policy/approval-rules';
import { type ApprovalDecision, judgeApprovals } from '@/lib/policy/judge-approvals';
import { listApprovalFacts } from '@/lib/policy/list-approval-facts';
import { findLostRights } from '@/lib/store/runs/lost-rights';
import { readSchedules } from '@/lib/store/runs/read-schedules';
import { readApprovalRules } from '@/lib/store/settings/read-approval-rules';

type ApprovalRow = typeof approvals.$inferSelect;

/** All approvals of a plan, in order, with what the rules ask for and which of them count now. */
export type PlanApprovals = ApprovalDecision & {
  readonly rows: readonly ApprovalRow[];
  readonly requirement: ApprovalRequirement;
  readonly authors: readonly string[];
  readonly comments: readonly (typeof approvalComments.$inferSelect)[];
};

type StoredFacts = { readonly hash: string; readonly facts: ApprovalFacts };

/** Reads what the rules decide by, of each of these plans. */
async function readFacts(
  db: Database,
  planIds: readonly PlanId[],
): Promise<ReadonlyMap<PlanId, StoredFacts>> {
  const rows = await db
    .select({ id: plans.id, hash: plans.hash, facts: plans.approvalFacts })
    .from(plans)
    .where(inArray(plans.id, [...planIds]));
  const found = new Map<PlanId, StoredFacts>();
  const older = rows.flatMap(({ id, hash, facts }) => {
    if (facts !== null) found.set(id, { hash, facts });
    return facts === null ? [id] : [];
  });
  if (older.length === 0) return found;
  const whole = await db
    .select({ plan: plans, kind: connections.kind })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(inArray(plans.id, older));
  for (const { plan, kind } of whole) {
    const given = { kind, findings: plan.findings, authors: [plan.createdBy] };
    found.set(plan.id, { hash: plan.hash, facts: listApprovalFacts(plan.plan, given) });
  }
  return found;
}

/**
 * Reads the approvals of each of these plans, and decides which of them count. An approval counts as long as its
 * person may approve.
 * @param at the time at which they are to count; absent = now
 */
export async function readApprovals(
  db: Database,
  planIds: readonly PlanId[],
  at?: Date,
): Promise<(planId: PlanId) => PlanApprovals> {
  const ids = [...planIds];
  const [rules, known, rows, comments, glasses] = await Promise.all([
    readApprovalRules(db),
    readFacts(db, planIds),
    db.select().from(approvals).where(inArray(approvals.planId, ids)).orderBy(asc(approvals.id)),
    db
      .select()
      .from(approvalComments)
      .where(inArray(approvalComments.planId, ids))
      .orderBy(asc(approvalComments.id)),
    db.select().from(breakGlasses).where(inArray(breakGlasses.planId, ids)).orderBy(asc(breakGlasses.id)),
  ]);
  const marks = glasses.map((row) => ({ ...row, name: row.actor, actor: row.accountId ?? row.actor }));
  const readLost = async (plan: PlanId) => {
    const ofPlan = <Row extends { readonly planId: PlanId; readonly actor: string }>(all: readonly Row[]) =>
      all.flatMap(({ planId, actor }) => (planId === plan ? [actor] : []));
    const [approve, glass] = await Promise.all([
      findLostRights(db, [...ofPlan(rows), ...ofPlan(comments)], 'plan.approve', { plan }),
      findLostRights(db, ofPlan(marks), 'plan.breakGlass', { plan }),
    ]);
    return [plan, { approve, glass }] as const;
  };
  const concerned = [...new Set([...rows, ...comments, ...marks].map(({ planId }) => planId))];
  const [lostBy, schedules] = await Promise.all([
    Promise.all(concerned.map(readLost)).then((lost) => new Map(lost)),
    readSchedules(db, [...new Set(marks.map(({ planId }) => planId))]),
  ]);
  const now = at ?? new Date();
  return (planId) => {
    const stored = known.get(planId);
    invariant(stored !== undefined, `the approvals of ${planId} were read, and no plan is ever deleted`);
    const { hash, facts } = stored;
    const own = rows.filter((row) => row.planId === planId);
    const lost = lostBy.get(planId);
    const requirement = findRequirement(rules, facts);
    const given = own.map((row) => ({
      ...row,
      at: row.at.toISOString(),
      withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
    }));
    const written = comments.filter((row) => row.planId === planId);
    const declines = written
      .filter(({ kind }) => kind === 'decline')
      .map((row) => ({ ...row, at: row.at.toISOString() }));
    // A mark is for one schedule: whoever schedules the plan again has the time to ask for approvals.
    const schedule = schedules.get(planId);
    const mark = marks.findLast(
      (row) => row.planId === planId && row.hash === hash && row.schedule === schedule?.schedule,
    );
    const decision = judgeApprovals(given, {
      hash,
      requirement,
      authors: facts.authors,
      lost: lost?.approve ?? new Set(),
      now,
      declines,
      breakGlass: mark && {
        actor: mark.name,
        reason: mark.reason,
        at: mark.at.toISOString(),
        isVoid:
          schedule?.isCanceled === true || (lost?.glass.has(mark.actor) ?? false) || !requirement.breakGlass,
      },
    });
    return { ...decision, rows: own, requirement, authors: facts.authors, comments: written };
  };
}

/** Returns the number of approvals of each of these plans that count now, and the number that it needs. */
export async function readApprovalCounts(
  db: Database,
  planIds: readonly PlanId[],
): Promise<(planId: PlanId) => ApprovalCount> {
  const read = await readApprovals(db, planIds);
  return (planId) => read(planId).count;
}

/** Returns the same for one plan. */
export async function readApprovalCount(db: Database, planId: PlanId): Promise<ApprovalCount> {
  return (await readApprovalCounts(db, [planId]))(planId);
}
