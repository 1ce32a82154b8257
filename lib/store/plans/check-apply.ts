import 'server-only';
import type { ActionError } from '@/lib/contract/answer';
import type { PlanView } from '@/lib/contract/plan';
import type { Database } from '@/lib/db/database';
import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import { type Freeze, findFreeze } from '@/lib/diversion/freeze-times';
import { type MeasureLags, tooShortGuards, trafficLags } from '@/lib/diversion/guard-lag';
import { confirmationText } from '@/lib/diversion/routes';
import type { Estate } from '@/lib/estate/model';
import { isSamePlan } from '@/lib/plan/model/hash';
import type { Plan } from '@/lib/plan/model/model';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import { replan } from '@/lib/plan/replan';
import type { Conditions } from '@/lib/preflight/model/conditions';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { ok, type Result } from '@/lib/result';
import { findExpiringKeys } from '@/lib/store/connections/find-expiring-keys';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { checkGuards, getFigureIntervals, refuse, refuseBlocked, refuseFields } from '@/lib/store/refusal';
import { spanOfPlan } from '@/lib/store/runs/run-overlap';
import { readFreezes } from '@/lib/store/settings/read-freezes';
import { readPolicy } from '@/lib/store/settings/read-policies';
import { readConditions } from './read-conditions';

type Known = {
  readonly estate: Estate;
  readonly conditions: Conditions;
  readonly keepAliveS: number;
};

/** Checks that the current snapshot still requires the reviewed plan: the same steps, with no blocking findings. */
async function checkStillRight(
  view: PlanView,
  { estate, conditions, keepAliveS }: Known,
): Promise<Result<null, ActionError>> {
  const { diversion, restores, originalTtls } = view.plan;
  const refused = refuseBlocked(
    await preflightInTurns({ estate, diversion, restores, originalTtls, conditions }),
  );
  if (refused !== null) return refused;
  const fresh = replan(view.plan, estate, keepAliveS);
  if (!fresh.ok) return refuse('plan.unplannable', { count: fresh.error.length });
  return isSamePlan(fresh.value, view.plan) ? ok(null) : refuse('plan.outdated');
}

/**
 * Checks that a stored plan can run: it is intact and has steps, the workers have the keys of its accounts, and the
 * newest snapshot requires the same steps. A real account requires the moved names to be typed, as formatted by
 * `confirmationText`.
 * @param cutover its schedule; null = at once
 */
export async function checkPlan(
  view: PlanView,
  cutover: Cutover | null,
  typedDomain: string | null,
): Promise<Result<null, ActionError>> {
  const { settings, database } = await serverContext();
  if (!view.isIntact) return refuse('plan.otherHash');
  if (view.plan.steps.length === 0) return refuse('plan.nothingToDo');
  // Without the worker's keys for its accounts, the run would be stopped at once.
  if (view.disconnected.length > 0)
    return refuse('plan.disconnected', { accounts: view.disconnected.join(', ') });
  if (view.connection.kind === 'tencent' && typedDomain !== confirmationText(view.plan.diversion)) {
    return refuseFields({ typedDomain: ['typedDomain.differs'] });
  }
  const { connections } = view.plan.diversion;
  const estate = await newestEstate(database.db, view.connection.id, connections);
  if (estate === null) return refuse('estate.never', { connection: view.connection.name });
  const conditions = await readConditions(database.db, {
    connectionId: view.connection.id,
    connections,
    span: spanOfPlan(view.plan, cutover, new Date()),
    others: { kind: 'bindings' },
    safety: { planId: view.id, runId: null, t0: cutover?.t0 ?? null, isStart: cutover === null },
  });
  const keepAliveS = settings.SPILLWAY_KEEP_ALIVE_S;
  return checkStillRight(view, { estate, conditions, keepAliveS });
}

/**
 * Checks that a plan may run in a period: no change freeze, a feasible schedule, guards on figures that have values, and
 * keys that don't expire. Without a schedule, its guards are those of the policy.
 */
export async function checkTimes(
  db: Database,
  view: PlanView,
  cutover: Cutover | null,
): Promise<Result<null, ActionError>> {
  const freezes = await readFreezes(db);
  const now = new Date();
  const { settings } = await serverContext();
  const { kind } = view.plan.diversion;
  const guarded =
    cutover === null
      ? checkGuards((await readPolicy(db, view.connection.kind)).guards, settings, null, kind)
      : checkGuards(cutover.guards, settings, 'cutover.guards', kind);
  if (!guarded.ok) return guarded;
  const lags = trafficLags(view.traffic, getFigureIntervals(settings));
  const kept =
    cutover === null ? checkUnfrozen(freezes, now) : checkCutover(view.plan, cutover, freezes, lags, now);
  if (!kept.ok) return kept;
  const expiring = await findExpiringKeys(db, view.plan, cutover, now);
  return expiring === null ? ok(null) : refuse('connection.keysExpire', expiring);
}

/** Refuses to apply a plan at once during a change freeze. */
function checkUnfrozen(freezes: readonly Freeze[], now: Date): Result<null, ActionError> {
  const frozen = findFreeze(freezes, now.toISOString(), now.toISOString());
  return frozen === null ? ok(null) : refuse('plan.frozen', { freeze: frozen.name });
}

/**
 * Checks that a cutover schedule is feasible: prewarm and T0 are in the future, prewarm is long enough for its steps,
 * T1 leaves enough time for the divert and has something to roll back, no change freeze overlaps the period in which traffic moves, and no guard is
 * shorter than the lag of its figures allows.
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
  if (cutover.t1 !== null && plan.steps.every(({ phase }) => phase === 'drain'))
    fields['cutover.t1'] = ['t1.nothingMoves'];
  if (findFreeze(freezes, cutover.t0, movedAt) !== null)
    fields['cutover.t0'] = [...(fields['cutover.t0'] ?? []), 't0.frozen'];
  for (const place of tooShortGuards(cutover.guards, lags))
    fields[`cutover.guards.${place}.forS`] = ['guard.lag'];
  return Object.keys(fields).length === 0 ? ok(null) : refuseFields(fields);
}
