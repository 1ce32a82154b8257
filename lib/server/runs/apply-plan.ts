'use server';

import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { ActionError, PlanView } from '@/lib/client/views';
import { plans } from '@/lib/db/schema';
import { Cutover, prewarmAt } from '@/lib/diversion/cutover';
import { movedDomain } from '@/lib/diversion/diversion';
import { type Freeze, findFreeze } from '@/lib/diversion/freeze';
import { type MeasureLags, tooShortGuards, trafficLags } from '@/lib/diversion/guard-lag';
import type { Estate } from '@/lib/estate/model';
import { isSamePlan } from '@/lib/plan/model/hash';
import { type Plan, PlanId } from '@/lib/plan/model/model';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import { replan } from '@/lib/plan/replan';
import { isUnapproved } from '@/lib/policy/approval';
import type { Conditions } from '@/lib/preflight/model/conditions';
import { preflight, stops } from '@/lib/preflight/preflight';
import { ok, type Result } from '@/lib/result';
import { foldRun } from '@/lib/run/model/fold-run';
import { findExpiringKeys } from '@/lib/server/connections/find-expiring-keys';
import { listConnectionIds } from '@/lib/server/connections/list-connection-ids';
import { findConnection } from '@/lib/server/connections/list-connections';
import { serverContext } from '@/lib/server/context';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { closeRun } from '@/lib/server/journal/close-run';
import { type Decision, exclusively } from '@/lib/server/journal/exclusively';
import { recordSwitchMove } from '@/lib/server/journal/record-switch-move';
import { spanOfPlan } from '@/lib/server/journal/run-overlap';
import { readPlan } from '@/lib/server/plans/get-plan';
import { readApprovalCount } from '@/lib/server/plans/read-approvals';
import { readConditions } from '@/lib/server/plans/read-conditions';
import { refuse, refuseFields } from '@/lib/server/refusal';
import { readFreezes } from '@/lib/server/settings/read-freezes';
import { verb } from '@/lib/server/verb';
import { insertRun } from './insert-run';

const ApplyInput = z.object({
  planId: PlanId,
  hash: z.string().min(1),
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
  cutover: Cutover.nullable().default(null),
});

type Known = {
  readonly estate: Estate;
  readonly conditions: Conditions;
  readonly keepAliveS: number;
};

/**
 * Checks that the reviewed plan is still what the current snapshot requires: the same steps, and nothing that blocks
 * them.
 */
function checkStillRight(
  view: PlanView,
  { estate, conditions, keepAliveS }: Known,
): Result<null, ActionError> {
  const { diversion, restores } = view.plan;
  const blocks = preflight({ estate, diversion, restores, conditions }).filter(stops);
  const [first] = blocks;
  if (first !== undefined) return refuse('plan.blocked', { count: blocks.length, check: first.check });
  const fresh = replan(view.plan, estate, keepAliveS);
  if (!fresh.ok) return refuse('plan.unplannable', { count: fresh.error.length });
  return isSamePlan(fresh.value, view.plan) ? ok(null) : refuse('plan.outdated');
}

/** Abandons the held run that the plan continues. @returns the runs left to conflict with */
async function withoutReplaced(
  { id, replaces }: PlanView,
  { db, runs }: Decision,
  actor: string,
): Promise<Decision['runs']> {
  const replaced = runs.find((run) => run.id === replaces?.runId);
  if (replaced === undefined || foldRun(replaced).state !== 'held') return runs;
  const [row] = await db.select({ reason: plans.replacesReason }).from(plans).where(eq(plans.id, id));
  await closeRun(db, replaced, { actor, reason: row?.reason || id });
  return runs.filter((run) => run !== replaced);
}

async function storeRun(view: PlanView, cutover: Cutover | null, actor: string): ReturnType<ApplyPlanAction> {
  const { database, engine } = await serverContext();
  return exclusively(database.pool, async (decision) => {
    const freezes = await readFreezes(decision.db);
    const now = new Date();
    const { id: planId, plan } = view;
    const lags = trafficLags(view.traffic?.readings ?? []);
    const kept =
      cutover === null ? checkUnfrozen(freezes, now) : checkCutover(plan, cutover, freezes, lags, now);
    if (!kept.ok) return kept;
    const expiring = await findExpiringKeys(decision.db, plan, cutover, now);
    if (expiring !== null) return refuse('connection.keysExpire', expiring);
    // A scheduled plan waits for its approvals: its last checks before prewarm and before T0 require them.
    const count = await readApprovalCount(decision.db, { planId, kind: view.connection.kind });
    if (cutover === null && isUnapproved(count)) return refuse('plan.unapproved', { plan: planId, ...count });
    const runs = await withoutReplaced(view, decision, actor);
    const made = await insertRun({ ...decision, runs }, engine, { planId, plan, cutover, actor, reason: '' });
    // A scheduled plan moves later, or not at all.
    if (made.ok && cutover === null)
      await recordSwitchMove(decision.db, plan, { runId: made.value.runId, actor });
    return made;
  });
}

/** Refuses to apply a plan at once during a change freeze. */
function checkUnfrozen(freezes: readonly Freeze[], now: Date): Result<null, ActionError> {
  const frozen = findFreeze(freezes, now.toISOString(), now.toISOString());
  return frozen === null ? ok(null) : refuse('plan.frozen', { freeze: frozen.name });
}

/**
 * Submits a reviewed plan to the worker. Only the reviewed plan runs: the reviewed hash must equal that of the stored
 * plan, and plan and preflight are repeated on the newest snapshot. A real account requires the moved domain to be typed. With
 * a cutover the plan runs on that schedule, without one at once; applying at once requires the approvals of the policy.
 */
export const applyPlan = verb(
  'plan.apply',
  ApplyInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, typedDomain, cutover }, actor): ReturnType<ApplyPlanAction> => {
    const { settings, database } = await serverContext();
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    if (!view.isIntact || view.hash !== hash) return refuse('plan.otherHash');
    if (view.plan.steps.length === 0) return refuse('plan.nothingToDo');
    // Without the worker's keys for its accounts, the run would only be held.
    for (const id of listConnectionIds(view.plan))
      if ((await findConnection(id)) === null) return refuse('connection.gone', { id });
    if (view.connection.kind === 'tencent' && typedDomain !== movedDomain(view.plan.diversion)) {
      return refuseFields({ typedDomain: ['typedDomain.differs'] });
    }
    const { connections } = view.plan.diversion;
    const estate = await newestEstate(database.db, view.connection.id, connections);
    if (estate === null) return refuse('estate.never', { connection: view.connection.name });
    const conditions = await readConditions(database.db, {
      connectionId: view.connection.id,
      connections,
      span: spanOfPlan(view.plan, cutover, new Date()),
      others: { kind: 'none' },
    });
    const keepAliveS = settings.SPILLWAY_KEEP_ALIVE_S;
    const right = checkStillRight(view, { estate, conditions, keepAliveS });
    return right.ok ? storeRun(view, cutover, actor.name) : right;
  },
);

/**
 * Checks that a cutover schedule can be kept: prewarm and T0 are in the future, prewarm has the time that its steps
 * need, T1 leaves the divert time to end, no change freeze overlaps the time in which traffic moves, and no guard is
 * shorter than its figures allow.
 * @param lags as measured with the plan's traffic
 */
function checkCutover(
  plan: Plan,
  cutover: Cutover,
  freezes: readonly Freeze[],
  lags: MeasureLags,
  now: Date,
): Result<null, ActionError> {
  const fields: Record<string, string[]> = {};
  const t0 = Date.parse(cutover.t0);
  const movedAt = new Date(t0 + forecastSeconds(plan.steps, ['divert', 'verify'])).toISOString();
  const prewarmMs = forecastSeconds(plan.steps, ['prewarm']);
  if (t0 <= now.getTime()) fields['cutover.t0'] = ['t0.past'];
  else if (prewarmAt(cutover) < now) fields['cutover.prewarmS'] = ['prewarm.past'];
  if (cutover.prewarmS * 1000 < prewarmMs) fields['cutover.prewarmS'] = ['prewarm.tooShort'];
  if (cutover.t1 !== null && Date.parse(cutover.t1) < Date.parse(movedAt))
    fields['cutover.t1'] = ['t1.tooSoon'];
  if (findFreeze(freezes, cutover.t0, movedAt) !== null)
    fields['cutover.t0'] = [...(fields['cutover.t0'] ?? []), 't0.frozen'];
  for (const place of tooShortGuards(cutover.guards, lags))
    fields[`cutover.guards.${place}.forS`] = ['guard.lag'];
  return Object.keys(fields).length === 0 ? ok(null) : refuseFields(fields);
}
