import { asc, inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { plans, safetyRules } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { PastWrite, SafetyFacts } from '@/lib/safety/safety-facts';
import { readStoredRule, type StoredSafetyRule } from '@/lib/safety/safety-rule';
import {
  isOpenRun,
  runsWithStateEvent,
  type StateEventColumn,
  stateEventColumn,
  toRunState,
} from '@/lib/store/runs/last-state-events';
import { readEmergencyStop } from '@/lib/store/runs/read-emergency-stop';
import { readFreezes } from '@/lib/store/settings/read-freezes';

/** Reads all safety rules, in the order in which they were created. */
export async function readSafetyRules(db: Database): Promise<readonly StoredSafetyRule[]> {
  const rows = await db.select().from(safetyRules).orderBy(asc(safetyRules.id));
  return rows.map(readStoredRule);
}

/** An open run, and whether it waits for the start of its schedule. */
type OpenRun = SafetyFacts['otherRuns'][number] & {
  readonly cutover: Cutover | null;
  readonly isWaiting: boolean;
};

/** Returns runs that have not ended: of a run, only earlier ones, so that no two wait for each other. */
async function readOpenRuns(db: Database, runId: RunId | null): Promise<readonly OpenRun[]> {
  const { rows } = await db.execute<{
    readonly id: string;
    readonly connectionId: string;
    readonly others: readonly string[] | null;
    readonly cutover: Cutover | null;
    readonly stateEvent: StateEventColumn;
  }>(sql`
    select run.id, plan.connection_id as "connectionId", plan.plan->'diversion'->'connections' as others,
      run.cutover, ${stateEventColumn} as "stateEvent"
    from ${runsWithStateEvent} join plan on plan.id = run.plan_id
    where ${isOpenRun} and run.id is distinct from ${runId}
      and (${runId}::text is null
        or run.created_at < (select created_at from run as own where own.id = ${runId}))`);
  return rows.map(({ id, connectionId, others, cutover, stateEvent }) => {
    const state = toRunState(stateEvent);
    const isWaiting = state === 'scheduled' || (state === 'queued' && cutover !== null);
    return { id, connectionIds: [connectionId, ...(others ?? [])], cutover, isWaiting };
  });
}

/** Returns runs that have started and not ended: of a run, only earlier ones. */
async function readOtherRuns(db: Database, runId: RunId | null): Promise<SafetyFacts['otherRuns']> {
  const open = await readOpenRuns(db, runId);
  return open.filter(({ isWaiting }) => !isWaiting).map(({ id, connectionIds }) => ({ id, connectionIds }));
}

/** An open run with the time in which it is under way, as ISO instants; null = already, or without a known end. */
export type TimedRun = SafetyFacts['otherRuns'][number] & {
  readonly from: string | null;
  readonly until: string | null;
};

/** Returns open runs and those that wait for their schedule, with their times. */
export async function readTimedRuns(db: Database, runId: RunId | null): Promise<readonly TimedRun[]> {
  const open = await readOpenRuns(db, runId);
  return open.map(({ id, connectionIds, cutover, isWaiting }) => {
    const t1 = cutover?.t1 ?? null;
    // A run that is late or stopped at T1 ends when someone decides.
    const until = t1 === null || Date.parse(t1) <= Date.now() ? null : t1;
    const from = isWaiting && cutover !== null ? prewarmAt(cutover).toISOString() : null;
    return { id, connectionIds, from, until };
  });
}

/** Returns the writes of other runs that were applied since an instant. */
async function readPastWrites(
  db: Database,
  since: Date,
  runId: RunId | null,
): Promise<SafetyFacts['pastWrites']> {
  const { rows } = await db.execute<{
    readonly planId: PlanId;
    readonly stepId: string;
    readonly at: string;
  }>(sql`
    select run.plan_id as "planId", event->>'stepId' as "stepId", event->>'at' as at
    from run_event join run on run.id = run_event.run_id
    where event->>'type' in ('accepted', 'stepDone') and event->>'at' > ${since.toISOString()}
      and event->>'type' = 'stepDone' and event->>'direction' = 'apply'
      and event->>'outcome' in ('applied', 'readBack', 'kept') and run.id is distinct from ${runId}`);
  if (rows.length === 0) return [];
  const stored = await db
    .select({ id: plans.id, plan: plans.plan })
    .from(plans)
    .where(inArray(plans.id, [...new Set(rows.map(({ planId }) => planId))]));
  const byId = new Map(stored.map(({ id, plan }) => [id, plan]));
  return rows.flatMap(({ planId, stepId, at }): readonly PastWrite[] => {
    const plan = byId.get(planId);
    const step = plan?.steps.find(({ id }) => id === stepId);
    if (plan === undefined || step?.kind !== 'write') return [];
    return [{ at, connectionId: plan.connectionId, diversion: plan.diversion, step }];
  });
}

/** The change that is judged. */
type Judged = {
  /** Its run; null = it has none. */
  readonly runId: RunId | null;
  readonly isFailover?: boolean;
  /** Counts its approvals, if a rule depends on them. */
  readonly countApprovals: () => Promise<number>;
};

/** The facts of a change that is no plan: it has neither a run nor approvals. */
export const noPlan: Judged = { runId: null, countApprovals: async () => 0 };

/**
 * Reads the facts that some rules depend on. Only what the rules need is read: without rules, nothing.
 */
export async function readRuleFacts(
  db: Database,
  rules: readonly StoredSafetyRule[],
  { runId, isFailover = false, countApprovals }: Judged,
): Promise<SafetyFacts> {
  const enabled = rules.map(({ rule }) => rule).filter((rule) => rule.isEnabled);
  const needs = (condition: string) =>
    enabled.some((rule) => rule.kind === 'gating' && rule.condition === condition);
  const minutes = Math.max(
    0,
    ...enabled.map((rule) => (rule.kind === 'bulk' ? (rule.windowMinutes ?? 0) : 0)),
  );
  const needsApprovals = enabled.some((rule) => rule.kind === 'protected' && rule.approvals !== null);
  const [freezes, stop, otherRuns, approvals, pastWrites] = await Promise.all([
    needs('noChangeFreeze') ? readFreezes(db) : [],
    needs('notPaused') ? readEmergencyStop(db) : null,
    needs('noOtherRun') ? readOtherRuns(db, runId) : [],
    needsApprovals ? countApprovals() : 0,
    minutes > 0 ? readPastWrites(db, new Date(Date.now() - minutes * 60_000), runId) : [],
  ]);
  const isPaused = stop !== null;
  return { rules, freezes, isPaused, otherRuns, approvals, pastWrites, isFailover };
}
