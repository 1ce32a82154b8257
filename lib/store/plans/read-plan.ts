import 'server-only';
import { eq, inArray } from 'drizzle-orm';
import type { ApprovalsView } from '@/lib/contract/approval';
import type { PlanView, TrafficView } from '@/lib/contract/plan';
import type { Database } from '@/lib/db/database';
import { connections, formerPeople, plans, planTraffic, runs, users } from '@/lib/db/schema';
import { isSamePlan, planHash } from '@/lib/plan/model/hash';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { replan } from '@/lib/plan/replan';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { canChangeSchedule, hasBegun, isCanceled } from '@/lib/run/model/schedule-change';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { listDisconnected } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { getFigureIntervals } from '@/lib/store/refusal';
import { loadRun } from '@/lib/store/runs/load-run';
import { readReplaced } from '@/lib/store/runs/read-replaced';
import { readPolicy } from '@/lib/store/settings/read-policies';
import { approvalState } from './approval-state';
import { listApprovers } from './list-approvers';
import { readApprovals } from './read-approvals';
import { readRequests } from './read-requests';

/** Returns the addresses of accounts, also of removed ones, by their ids; what is no account's id stays as it is. */
async function findAddresses(
  db: Pick<Database, 'select'>,
  keys: readonly string[],
): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const [present, former] = await Promise.all([
    db
      .select({ id: users.id, email: users.email })
      .from(users)
      .where(inArray(users.id, [...keys])),
    db
      .select({ id: formerPeople.id, email: formerPeople.email })
      .from(formerPeople)
      .where(inArray(formerPeople.id, [...keys])),
  ]);
  const addresses = new Map([...former, ...present].map(({ id, email }) => [id, email]));
  return keys.map((key) => addresses.get(key) ?? key);
}

function trafficView({ at, planId: _, ...traffic }: typeof planTraffic.$inferSelect): TrafficView {
  return { at: at.toISOString(), ...traffic };
}

/** Reads a stored plan with its preflight; null if it does not exist. */
export async function readPlan(db: Database, planId: PlanId): Promise<PlanView | null> {
  const [row] = await db
    .select({ plan: plans, connection: connections, runId: runs.id, traffic: planTraffic })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .leftJoin(runs, eq(runs.planId, plans.id))
    .leftJoin(planTraffic, eq(planTraffic.planId, plans.id))
    .where(eq(plans.id, planId));
  if (row === undefined) return null;
  const { plan, connection, traffic } = row;
  const stored = row.runId === null ? null : await loadRun(db, row.runId);
  // A plan whose schedule was canceled before it started can be applied as if it had no run.
  const run = stored !== null && isCanceled(stored) ? null : stored;
  const policy = await readPolicy(db, connection.kind);
  const { hash } = plan;
  const approvals = await listApprovals(db, { planId, plan: plan.plan, run });
  return {
    id: plan.id,
    diversionId: plan.diversionId,
    hash,
    createdAt: plan.createdAt.toISOString(),
    createdBy: plan.createdBy,
    connection,
    plan: plan.plan,
    isIntact: (await planHash(plan.plan)) === hash,
    findings: plan.findings,
    runId: run?.id ?? null,
    disconnected: await listDisconnected(db, listConnectionIds(plan.plan)),
    reschedulable:
      run !== null && canChangeSchedule('reschedule', { state: foldRun(run).state, isBegun: hasBegun(run) })
        ? run.cutover
        : null,
    policy,
    approvals,
    replaces: await readReplaced(db, planId),
    traffic: traffic && trafficView(traffic),
    figureIntervals: getFigureIntervals((await serverContext()).settings),
  };
}

type Of = { readonly planId: PlanId; readonly plan: Plan; readonly run: RunRecord | null };

/** Returns the approvals of a plan, in order, what it needs and why, and the state of the decision. */
async function listApprovals(db: Database, { planId, plan, run }: Of): Promise<ApprovalsView> {
  const found = (await readApprovals(db, [planId]))(planId);
  const { rows, judged, count, requirement, authors, standing } = found;
  const all = judged.flatMap((each, index) => {
    const row = rows[index];
    // Not one of this plan.
    if (row === undefined || each.why === 'otherPlan') return [];
    const { name, comment, at, withdrawnAt } = row;
    return [
      { ...each, name, comment, at: at.toISOString(), withdrawnAt: withdrawnAt?.toISOString() ?? null },
    ];
  });
  const state = approvalState(run, new Date());
  const isJudged = state === 'open' && count.needed > 0 && count.given > 0;
  return {
    all,
    count,
    requirement,
    authors: [...(await findAddresses(db, authors))].toSorted(),
    approvers: await listApprovers(db, planId, found),
    ...(await readRequests(db, planId, found)),
    comments: found.comments.map(({ id, kind, name, text, at }) => ({
      id,
      name,
      text,
      at: at.toISOString(),
      stands: kind === 'decline' ? standing.some((decline) => decline.id === id) : null,
    })),
    isOutdated: isJudged && (await isOutdated(db, plan, run)),
    state,
  };
}

/**
 * Returns whether the estate requires another plan now: by the last check of its scheduled run, which knows what other
 * runs undo until then, otherwise by the newest snapshot.
 */
async function isOutdated(db: Database, plan: Plan, run: RunRecord | null): Promise<boolean> {
  if (run !== null) return foldRun(run).checked?.problems.some(({ kind }) => kind === 'outdated') ?? false;
  const estate = await newestEstate(db, plan.connectionId, listConnectionIds(plan));
  if (estate === null) return false;
  const fresh = replan(plan, estate, (await serverContext()).settings.SPILLWAY_KEEP_ALIVE_S);
  return !fresh.ok || !isSamePlan(fresh.value, plan);
}
