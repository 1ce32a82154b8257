import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnectingForRun } from '@/lib/db/reconnecting';
import { connections, occurrences, plans, recurrences, runEvents, switches } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import { findFreeze } from '@/lib/diversion/freeze-times';
import { recurrenceActor } from '@/lib/diversion/recurrence';
import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import { isSamePlan } from '@/lib/plan/model/hash';
import type { Plan, StepId, WriteStep } from '@/lib/plan/model/model';
import { replan } from '@/lib/plan/replan';
import { type ApprovalCount, isUnapproved } from '@/lib/policy/approval';
import type { Conditions } from '@/lib/preflight/model/conditions';
import { failoverActor, isFailover } from '@/lib/run/model/failover';
import type { RunRecord, StoredRun } from '@/lib/run/model/fold-run';
import type { Problem } from '@/lib/run/model/model';
import { hasPlaceholders } from '@/lib/run/model/placeholders';
import type { Validator } from '@/lib/run/steps/ports';
import { judgeInTurns, nextChange } from '@/lib/safety/judge-change';
import { violationValues } from '@/lib/safety/safety-facts';
import { findExpiringKeys } from '@/lib/store/connections/find-expiring-keys';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readApprovalCount } from '@/lib/store/plans/read-approvals';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readSafetyRules } from '@/lib/store/plans/read-rule-facts';
import { readFactsFor } from '@/lib/store/plans/read-safety-facts';
import { findLostRights } from '@/lib/store/runs/lost-rights';
import { spanOfPlan } from '@/lib/store/runs/run-overlap';
import { readFreezes } from '@/lib/store/settings/read-freezes';
import { findPreflightProblems, isAfterRollback } from './find-preflight-problems';

/** Returns the steps of an apply that are in effect, or may be: their calls were about to be sent. */
async function readBegunSteps(db: Database, { id }: StoredRun): Promise<ReadonlySet<StepId>> {
  const { event } = runEvents;
  const rows = await db
    .selectDistinct({ stepId: sql<StepId>`${event}->>'stepId'` })
    .from(runEvents)
    .where(
      and(
        eq(runEvents.runId, id),
        inArray(sql`${event}->>'type'`, ['intent', 'stepDone']),
        eq(sql`${event}->>'direction'`, 'apply'),
      ),
    );
  return new Set(rows.map(({ stepId }) => stepId));
}

/**
 * Returns the safety rules that the next write of a stored run would violate, on the newest snapshot with the states that
 * the run's writes have left. Without rules, it reads one empty table. The rules are read again for each write, so a rule
 * that was added meanwhile counts.
 * @param plan the run's, with the ids of created objects as far as they are known
 */
function checkStoredWrite(
  db: Database,
  run: StoredRun,
  step: WriteStep,
  plan: Plan,
): Promise<readonly Problem[]> {
  return reconnectingForRun(async () => {
    const rules = (await readSafetyRules(db)).filter(({ rule }) => rule.isEnabled);
    if (rules.length === 0) return [];
    const { planId, id: runId } = run;
    const [facts, estate, begun] = await Promise.all([
      readFactsFor(db, rules, { planId, runId, isFailover: isFailover(run) }),
      newestEstate(db, plan.connectionId, listConnectionIds(plan)),
      readBegunSteps(db, run),
    ]);
    if (estate === null) return [{ kind: 'stale', values: { minutes: 0 } }];
    const anticipated = anticipate(estate, run.plan.diversion);
    const { loadBalancers, listeners } = anticipated.missing;
    // The snapshot has created objects under their placeholders until a sync has found them.
    const isUnbound = hasPlaceholders(plan) && loadBalancers.length + listeners.length > 0;
    const change = {
      plan: isUnbound ? run.plan : plan,
      estate: anticipated.estate,
      stepId: step.id,
      begun,
      at: Date.now(),
    };
    const violations = await judgeInTurns(nextChange(change), facts);
    return violations.map((violation) => ({ kind: 'safetyRule', values: violationValues(violation) }));
  });
}

/**
 * Returns the maximum age of a snapshot for re-validation, in ms: at least two of the intervals at which checks run, since
 * each requests a new sync.
 */
function getMaxAgeMs(cutover: Cutover | null, begun: boolean): number {
  if (cutover === null) return 900_000;
  const due = begun ? Date.parse(cutover.t0) : prewarmAt(cutover).getTime();
  return due - Date.now() > 3_600_000 ? 7_200_000 : 900_000;
}

type ValidatorDeps = {
  readonly db: Database;
  readonly sync: (connectionId: string) => Promise<void>;
  readonly keepAliveS: number;
};

const problem = (kind: string, values: Problem['values'] = {}): Problem => ({ kind, values });

type Known = {
  readonly estate: Estate | null;
  readonly conditions: Conditions;
  readonly begun: boolean;
  readonly keepAliveS: number;
};

/**
 * Returns the problems of the plan in the snapshot; before the run's first write, also whether planning again would
 * give the same plan.
 */
async function estateProblems(
  run: RunRecord,
  { estate, conditions, begun, keepAliveS }: Known,
): Promise<readonly Problem[]> {
  const { plan, cutover } = run;
  const ageMs = estate === null ? null : Date.now() - Date.parse(estate.takenAt);
  if (estate === null || ageMs === null || ageMs > getMaxAgeMs(cutover, begun))
    return [problem('stale', { minutes: ageMs === null ? 0 : Math.round(ageMs / 60_000) })];
  if (!begun && isAfterRollback(run, conditions)) return [];
  const blocked = await findPreflightProblems(plan, estate, conditions);
  if (begun) return blocked;
  const fresh = replan(plan, estate, keepAliveS);
  return fresh.ok && isSamePlan(fresh.value, plan) ? blocked : [...blocked, problem('outdated')];
}

/** Returns the problems of a plan's approvals: too few that count, or a decline that stands. */
function approvalProblems(count: ApprovalCount): readonly Problem[] {
  if (!isUnapproved(count)) return [];
  const { given, needed, declined = 0 } = count;
  const isMissing = given < needed;
  return [
    ...(isMissing ? [problem('unapproved', { given, needed })] : []),
    ...(declined > 0 ? [problem('declined', { count: declined })] : []),
  ];
}

const setter = ({ setBy, setByAccount }: typeof switches | typeof recurrences) => ({
  name: sql<string>`${setBy}`,
  key: sql<string>`coalesce(${setByAccount}, ${setBy})`,
});

/**
 * Returns who is responsible for a run: whoever asked for its newest attempt, set the rule of its series, or enabled its
 * failover.
 * @returns their address, and the key of their rights: the id of their account, or the address if that id is not known
 */
export async function findAuthor(
  db: Database,
  { id, planId, attempts }: Pick<StoredRun, 'id' | 'planId' | 'attempts'>,
): Promise<{ readonly name: string; readonly key: string }> {
  const { actor: name = '', accountId = null } = attempts.at(-1) ?? {};
  const own = { name, key: accountId ?? name };
  if (name === failoverActor) {
    const [enabled] = await db.select(setter(switches)).from(switches).where(eq(switches.lastRunId, id));
    return enabled ?? own;
  }
  if (name !== recurrenceActor) return own;
  const [series] = await db
    .select(setter(recurrences))
    .from(plans)
    .innerJoin(occurrences, eq(occurrences.diversionId, plans.diversionId))
    .innerJoin(recurrences, eq(recurrences.diversionId, occurrences.seriesId))
    .where(eq(plans.id, planId));
  return series ?? own;
}

/** Returns the run's lost rights and approvals. A failover needs no approval: enabling it was the decision. */
async function rightsProblems(
  db: Database,
  run: StoredRun,
  approvals: ApprovalCount,
): Promise<readonly Problem[]> {
  const author = await findAuthor(db, run);
  const lost = await findLostRights(db, [author.key], 'plan.apply', { run: run.id });
  return [
    lost.size === 0 ? [] : [problem('authorLost', { actor: author.name })],
    isFailover(run) ? [] : approvalProblems(approvals),
    run.isIntact ? [] : [problem('otherPlan')],
  ].flat();
}

/**
 * Creates the validator that re-validates a stored run: the right of its author, its plan and approvals, change freezes,
 * the worker's keys, and the newest snapshot. Pausing all changes is no problem of a plan: its command pauses the run, and
 * a check that reads the pause before that would stop the run instead.
 */
export function storedValidator({ db, sync, keepAliveS }: ValidatorDeps, run: StoredRun): Validator {
  const { connectionId } = run.plan;
  const all = listConnectionIds(run.plan);
  return {
    check: (begun, refreshes = true) =>
      reconnectingForRun(async () => {
        const now = new Date().toISOString();
        const movesAt = run.cutover === null || run.cutover.t0 < now ? now : run.cutover.t0;
        const [expiring, freezes, estate, conditions, approvals, known] = await Promise.all([
          findExpiringKeys(db, run.plan, run.cutover, new Date(now)),
          readFreezes(db),
          newestEstate(db, connectionId, all),
          readConditions(db, {
            connectionId,
            connections: run.plan.diversion.connections,
            span: spanOfPlan(run.plan, run.cutover, new Date(now)),
            others: { kind: 'earlierRuns', runId: run.id },
            safety: {
              planId: run.planId,
              runId: run.id,
              t0: run.cutover?.t0 ?? null,
              isFailover: isFailover(run),
              isStart: true,
            },
          }),
          readApprovalCount(db, run.planId),
          db.select().from(connections).where(inArray(connections.id, all)),
        ]);
        const keyless = all.filter((id) => !known.some((row) => row.id === id && row.available));
        const frozen = findFreeze(freezes, movesAt, movesAt);
        const found = await estateProblems(run, { estate, conditions, begun, keepAliveS });
        const problems = [
          await rightsProblems(db, run, approvals),
          frozen === null ? [] : [problem('frozen', { freeze: frozen.name })],
          keyless.map((id) =>
            problem('noKeys', { connection: known.find((row) => row.id === id)?.name ?? id }),
          ),
          expiring === null ? [] : [problem('keysExpire', expiring)],
          found,
          // Bound to the hash of a plan that the estate does not require any more.
          approvals.needed > 0 && approvals.given > 0 && found.some(({ kind }) => kind === 'outdated')
            ? [problem('approvalsVoid', { count: approvals.given })]
            : [],
        ].flat();
        if (refreshes) for (const id of all) await sync(id);
        return problems;
      }),
    checkRights: () =>
      reconnectingForRun(async () => rightsProblems(db, run, await readApprovalCount(db, run.planId))),
    checkWrite: (step, plan) => checkStoredWrite(db, run, step, plan),
  };
}
