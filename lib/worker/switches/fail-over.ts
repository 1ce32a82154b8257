import { and, eq, type SQL } from 'drizzle-orm';
import type pg from 'pg';
import { connections, plans, runs, switches } from '@/lib/db/schema';
import { buildFlip, type SwitchDiversion, type SwitchSide } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import type { OriginalTtl } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { listApprovalFacts } from '@/lib/policy/list-approval-facts';
import { stops } from '@/lib/preflight/model/stops';
import { withUsedAcknowledgements } from '@/lib/preflight/model/weigh-finding';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { err, ok, type Result } from '@/lib/result';
import type { EngineClient } from '@/lib/run/durable/connect-engine';
import { type FailedProbe, type FailoverDecision, failoverActor } from '@/lib/run/model/failover';
import type { RunId } from '@/lib/run/model/run-id';
import type { SafetyFacts } from '@/lib/safety/safety-facts';
import { readPlanFootprint } from '@/lib/store/read-footprint';
import { exclusively } from '@/lib/store/runs/exclusively';
import { insertRun } from '@/lib/store/runs/insert-run';
import { findLostRights } from '@/lib/store/runs/lost-rights';

type Blocked = Extract<FailoverDecision, { kind: 'blocked' }>;

const blocked = (why: string, values: Blocked['values'] = {}): Result<never, Blocked> =>
  err({ kind: 'blocked', why, values });

export type FailOverCommand = {
  readonly id: string;
  /** The condition that failover has not been enabled or disabled since the decision. */
  readonly isAsRead: SQL;
  readonly diversion: SwitchDiversion;
  readonly receiving: SwitchSide;
  readonly estate: Estate;
  /** The TTLs that earlier runs have lowered: the failover restores them once the name has moved. */
  readonly originalTtls: readonly OriginalTtl[];
  readonly keepAliveS: number;
  /** A plan that moves more than this share of the estate gets a warning, in %. */
  readonly maxSharePercent: number;
  readonly safety: SafetyFacts;
  /** The reason in the journal. */
  readonly reason: string;
  /** The probes behind the decision, stored with the run. */
  readonly evidence: readonly FailedProbe[];
};

/**
 * Fails a Switch over to its other side in one flip: plan, run and the Switch's new state are stored together, or not
 * at all. Change freezes, allowed hours and thresholds don't block it; the emergency stop and blocking preflight
 * findings do, and so do all other safety rules.
 * @returns the run, or the reason why it may not move
 */
export async function failOver(
  pool: pg.Pool,
  engine: Pick<EngineClient, 'enqueueRun'>,
  {
    id,
    isAsRead,
    diversion,
    receiving,
    estate,
    originalTtls,
    keepAliveS,
    maxSharePercent,
    safety,
    reason,
    evidence,
  }: FailOverCommand,
): Promise<Result<{ runId: RunId }, Blocked>> {
  const intent = buildFlip(diversion, receiving);
  const now = new Date().toISOString();
  // Other plans are not passed: runs in progress are checked when the run is stored, and unapplied plans don't block a
  // failover. Neither are test invocations: the receiving side has just been probed.
  const conditions = {
    now,
    span: { from: now, until: null },
    others: [],
    testInvocations: [],
    maxSharePercent,
    safety: { facts: safety, t0: null, isStart: true },
  };
  // Answers from before a TTL was lowered expire while the failover is in effect: it doesn't wait for them.
  const originals = originalTtls.map((each) => ({ ...each, cachedS: 0 }));
  const findings = await preflightInTurns({ estate, diversion: intent, originalTtls: originals, conditions });
  const stopping = findings.filter(stops);
  const violated = stopping.find(({ check }) => check === 'safety-rules');
  if (violated !== undefined) return blocked('safetyRule', violated.values);
  if (stopping.length > 0)
    return blocked('preflight', { count: stopping.length, check: stopping[0]?.check ?? '' });
  const used = withUsedAcknowledgements(intent, findings);
  const planned = planDiversion({ estate, diversion: used, keepAliveS, originalTtls: originals });
  if (!planned.ok) return blocked('unplannable', { count: planned.error.length });
  const plan = planned.value;
  if (!plan.steps.some(({ phase }) => phase === 'divert')) return blocked('nothingToMove');
  return exclusively(pool, async (decision) => {
    const { db } = decision;
    const isEnabled = and(isAsRead, eq(switches.state, 'enabled'));
    const [enabled] = await db
      .select({
        diversionId: switches.diversionId,
        addedBy: switches.addedBy,
        setBy: switches.setBy,
        setByAccount: switches.setByAccount,
        kind: connections.kind,
      })
      .from(switches)
      .innerJoin(connections, eq(connections.id, switches.connectionId))
      .where(isEnabled)
      .for('update', { of: switches });
    if (enabled === undefined) return blocked('disabled');
    // The Switch names its load balancers by their ids: their regions are only in the plan.
    const touched = await readPlanFootprint(db, plan);
    const by = [enabled.setByAccount ?? enabled.setBy];
    const lost = [
      ...(await findLostRights(db, by, 'switch.enableFailover', { switch: id })),
      ...(await findLostRights(db, by, 'switch.enableFailover', touched)),
    ];
    if (lost.length > 0) return blocked('noRight', { actor: enabled.setBy });
    const approvalFacts = listApprovalFacts(plan, {
      kind: enabled.kind,
      findings,
      // A plan that continues the failover keeps them: neither counts as a reviewer of it.
      authors: [failoverActor, ...(enabled.addedBy === '' ? [] : [enabled.addedBy]), ...by],
    });
    const [stored] = await db
      .insert(plans)
      .values({
        connectionId: plan.connectionId,
        ...(enabled.diversionId !== null && { diversionId: enabled.diversionId }),
        plan,
        hash: await planHash(plan),
        createdBy: failoverActor,
        findings,
        approvalFacts,
      })
      .returning({ id: plans.id, diversionId: plans.diversionId });
    invariant(stored !== undefined, 'an insert returns its row');
    // No guards: a breach would move traffic back to the failed side, and the alert of a failover is open anyway.
    const actor = { name: failoverActor, accountId: null };
    const made = { planId: stored.id, plan, cutover: null, guards: [], actor, reason };
    const run = await insertRun(decision, engine, made);
    if (!run.ok) return blocked(run.error.form?.message ?? 'refused', run.error.form?.values ?? {});
    const { runId } = run.value;
    await db.update(runs).set({ failoverProbes: evidence }).where(eq(runs.id, runId));
    await db
      .update(switches)
      .set({ state: 'failedOver', lastRunId: runId, movedAt: new Date(), diversionId: stored.diversionId })
      .where(eq(switches.id, id));
    return ok({ runId });
  });
}
