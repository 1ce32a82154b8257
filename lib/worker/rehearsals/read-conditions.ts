import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Estate } from '@/lib/estate/model';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { isUnapproved } from '@/lib/policy/approval';
import type { RehearsalConditions, RehearsalNote } from '@/lib/rehearsal/conditions';
import { foldRun, type StoredRun } from '@/lib/run/model/fold-run';
import { isCanceled } from '@/lib/run/model/schedule-change';
import { judgePlan } from '@/lib/safety/judge-change';
import type { SafetyFacts } from '@/lib/safety/safety-facts';
import { findExpiringKeys } from '@/lib/store/connections/find-expiring-keys';
import { type PlanApprovals, readApprovals } from '@/lib/store/plans/read-approvals';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readRuleFacts, readSafetyRules, readTimedRuns } from '@/lib/store/plans/read-rule-facts';
import { loadRun } from '@/lib/store/runs/load-run';
import { findLostRights } from '@/lib/store/runs/lost-rights';
import { readEmergencyStop } from '@/lib/store/runs/read-emergency-stop';
import { spanOfPlan } from '@/lib/store/runs/run-overlap';
import { readFreezes } from '@/lib/store/settings/read-freezes';
import { findPreflightProblems, isAfterRollback } from '@/lib/worker/runs/find-preflight-problems';
import { findAuthor } from '@/lib/worker/runs/stored-validator';

type RehearsedPlan = {
  readonly planId: PlanId;
  readonly plan: Plan;
  readonly createdBy: string;
  readonly cutover: Cutover | null;
  readonly estate: Estate;
};

type Values = RehearsalNote['values'];
const note = (
  code: RehearsalNote['code'],
  severity: RehearsalNote['severity'],
  values: Values,
): RehearsalNote => ({ code, severity, values });

/** Returns the open run of a plan; null = it has none, or its schedule was canceled. */
async function readOwnRun(db: Database, planId: PlanId): Promise<StoredRun | null> {
  const isOwn = eq(runs.planId, planId);
  const [row] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(isOwn)
    .orderBy(desc(runs.createdAt))
    .limit(1);
  const run = row === undefined ? null : await loadRun(db, row.id);
  if (run === null || isCanceled(run)) return null;
  return ['done', 'rolledBack', 'closed'].includes(foldRun(run).state) ? null : run;
}

/** Returns what is missing or will be lost among a plan's approvals by T0. */
function noteApprovals(now: PlanApprovals, atT0: PlanApprovals): readonly RehearsalNote[] {
  const { given, needed, declined = 0 } = atT0.count;
  if (needed === 0 || !isUnapproved(atT0.count)) return [];
  const isCounted = new Map(now.judged.map(({ id, why }) => [id, why === null]));
  const expiring = atT0.judged.filter(({ id, why }) => why === 'expired' && isCounted.get(id));
  const [first = ''] = expiring.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted();
  const willExpire = now.count.given >= needed;
  return [
    ...(given >= needed
      ? []
      : willExpire
        ? [note('approvalsExpire', 'stops', { given, needed, expiresAt: first })]
        : [note('approvalsMissing', 'todo', { given, needed })]),
    ...(declined > 0 ? [note('declined', 'stops', { count: declined })] : []),
    ...atT0.rows
      .filter(({ id }) => atT0.judged.some((each) => each.id === id && each.why === 'lostRight'))
      .map(({ actor }) => note('approverLost', 'warning', { actor })),
  ];
}

/** Returns the safety rules that ask for more approvals than the plan will have at T0. */
async function noteRuleApprovals(
  { plan, estate }: RehearsedPlan,
  facts: SafetyFacts,
  at: Date,
): Promise<readonly RehearsalNote[]> {
  const rules = facts.rules.filter(({ rule }) => rule.kind === 'protected' && rule.approvals !== null);
  const judged = { plan, estate, at: at.getTime(), times: null };
  const violations = await judgePlan(judged, { ...facts, rules });
  const byRule = new Map(violations.map(({ rule, values }) => [rule, values]));
  return [...byRule].map(([rule, values]) => note('ruleApprovals', 'todo', { rule, ...values }));
}

/** Returns whether whoever has scheduled the plan, or has made it, may not apply it any more. */
async function noteAuthor(
  db: Database,
  { planId, createdBy }: RehearsedPlan,
  run: StoredRun | null,
): Promise<readonly RehearsalNote[]> {
  const { name: actor, key } = run === null ? { name: createdBy, key: createdBy } : await findAuthor(db, run);
  const scope = run === null ? { plan: planId } : { run: run.id };
  const lost = await findLostRights(db, [key], 'plan.apply', scope);
  if (lost.size === 0) return [];
  return [run === null ? note('authorLost', 'todo', { actor }) : note('schedulerLost', 'stops', { actor })];
}

/** Returns the blocks of the plan's preflight, as the validator of its run would find them now; null = there is none. */
async function findBlocks(
  db: Database,
  { plan, cutover, estate }: RehearsedPlan,
  run: StoredRun | null,
): Promise<RehearsalConditions['blocked']> {
  const conditions = await readConditions(db, {
    connectionId: plan.connectionId,
    connections: plan.diversion.connections,
    span: spanOfPlan(plan, cutover, new Date()),
    others: run === null ? { kind: 'runs' } : { kind: 'earlierRuns', runId: run.id },
  });
  if (isAfterRollback({ plan, cutover }, conditions)) return null;
  const problems = await findPreflightProblems(plan, estate, conditions);
  const found = problems.find(({ kind }) => kind === 'blocked');
  return found === undefined
    ? null
    : { count: Number(found.values.count), check: String(found.values.check) };
}

/**
 * Reads the conditions of a rehearsal as they are now: safety rules, freezes and the pause, which the rehearsed run obeys on
 * its virtual clock, and what would keep a real run from starting at T0, which the report says. Rights and approvals are
 * decided by the same functions as in a run, approvals as of T0.
 */
export async function readRehearsalConditions(
  db: Database,
  rehearsed: RehearsedPlan,
): Promise<RehearsalConditions> {
  const { planId, plan, cutover } = rehearsed;
  const now = new Date();
  const t0 = cutover === null ? now : new Date(Math.max(now.getTime(), Date.parse(cutover.t0)));
  const [rules, run] = await Promise.all([readSafetyRules(db), readOwnRun(db, planId)]);
  const runId = run?.id ?? null;
  const [facts, otherRuns, freezes, stop, approvalsNow, approvalsAtT0, expiring, author, blocked] =
    await Promise.all([
      readRuleFacts(db, rules, { runId, countApprovals: async () => 0 }),
      readTimedRuns(db, runId),
      readFreezes(db),
      readEmergencyStop(db),
      readApprovals(db, [planId]),
      readApprovals(db, [planId], t0),
      findExpiringKeys(db, plan, cutover, now),
      noteAuthor(db, rehearsed, run),
      findBlocks(db, rehearsed, run),
    ]);
  const atT0 = approvalsAtT0(planId);
  const { given } = atT0.count;
  const asked = rules.map(({ rule }) => (rule.kind === 'protected' ? (rule.approvals ?? 0) : 0));
  return {
    safety: { ...facts, otherRuns, approvals: Math.max(given, ...asked) },
    freezes: freezes.map(({ name, span }) => ({ name, span })),
    stop: stop && { actor: stop.actor, reason: stop.reason },
    blocked,
    notes: [
      ...author,
      ...noteApprovals(approvalsNow(planId), atT0),
      ...(await noteRuleApprovals(rehearsed, { ...facts, approvals: given }, t0)),
      ...(expiring === null ? [] : [note('keysExpire', 'stops', expiring)]),
    ],
  };
}
