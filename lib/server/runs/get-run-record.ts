import 'server-only';
import { and, asc, desc, eq, or, sql } from 'drizzle-orm';
import type { RunWatchView } from '@/lib/contract/diversion';
import type { RecordedApproval, RunRecordView } from '@/lib/contract/run-record';
import type { Database } from '@/lib/db/database';
import { approvals, auditEntries, connections, plans, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import { mayUseEverywhere } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { listCloudCalls, listStepProbes } from '@/lib/run/model/list-cloud-calls';
import { listShares } from '@/lib/run/model/run-charts';
import { countOwnRequests, findSplit, getSettleS } from '@/lib/run/model/run-figures';
import { RunId } from '@/lib/run/model/run-id';
import { reportRun } from '@/lib/run/model/run-report';
import { emptySummary } from '@/lib/run/model/run-watch';
import { entryColumns, selectedBy, viewEntry } from '@/lib/server/audit/audit-rows';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { readWatches } from '@/lib/server/diversions/get-post-mortem';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readApprovalCount } from '@/lib/store/plans/read-approvals';
import { loadRun } from '@/lib/store/runs/load-run';
import { getDnsSplit, readVantages } from '@/lib/store/runs/read-vantages';
import { readConvergence } from './get-convergence';
import { readTrafficPoints } from './get-run-charts';

/** The newest entries of a record: a run gets few commands. */
const entriesMax = 500;

async function readRecordedApprovals(db: Database, planId: PlanId): Promise<readonly RecordedApproval[]> {
  const rows = await db
    .select()
    .from(approvals)
    .where(eq(approvals.planId, planId))
    .orderBy(asc(approvals.id));
  return rows.map(({ name, comment, actor, at, withdrawnAt, hash }) => ({
    name,
    comment,
    actor,
    at: at.toISOString(),
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    hash,
  }));
}

/** Reads the audit entries about a run or its plan, oldest first: one of each operation. */
async function readAuditEntries(db: Database, ids: readonly string[]): Promise<RunRecordView['audit']> {
  const isAbout = or(...ids.map((id) => sql`${auditEntries.objects} @> ${JSON.stringify([{ id }])}::jsonb`));
  const rows = await db
    .select(entryColumns)
    .from(auditEntries)
    .where(and(isAbout, selectedBy({}, false)))
    .orderBy(desc(auditEntries.seq))
    .limit(entriesMax);
  return rows.reverse().map(viewEntry);
}

/**
 * Adds the guards that were breached during a run to what was probed beside its steps: the run itself judges them, so
 * they stand in its journal only.
 */
function withGuardBreaches(
  watch: RunWatchView | null,
  { events }: Pick<RunRecord, 'events'>,
): RunWatchView | null {
  const during = events.flatMap((event): RunWatchView['breaches'] => {
    const { at } = event;
    const why = event.type === 'rollback' ? event.why : event.type === 'stopped' ? event.reason : null;
    if (why?.kind !== 'guard') return [];
    // No later round has judged the guard.
    return [{ at, breach: why.breach, overAt: null, failed: [], state: { kind: 'unmeasured', at } }];
  });
  const [first] = during;
  if (first === undefined) return watch;
  const probed = watch ?? { ...emptySummary, since: first.at, until: first.at, breaches: [] };
  return { ...probed, breaches: [...during, ...probed.breaches] };
}

async function readRunRecord(runId: RunId, { access }: Actor): Promise<RunRecordView | null> {
  const { database, settings } = await serverContext();
  const { db } = database;
  const run = await loadRun(db, runId);
  if (run === null) return null;
  const [stored] = await db
    .select({ run: runs, plan: plans, account: connections.name })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(eq(runs.id, runId));
  invariant(stored !== undefined, 'a run belongs to a plan, and that to a connection');
  const { plan } = stored;
  const asked = { now: new Date(), isOn: settings.SPILLWAY_PROBE_S > 0 };
  const [activity, given, count, watches, convergence, traffic, reports, audit, head] = await Promise.all([
    getActivity(plan.diversionId),
    readRecordedApprovals(db, plan.id),
    readApprovalCount(db, plan.id),
    readWatches(db, [runId]),
    readConvergence(db, run, asked),
    readTrafficPoints(db, run),
    readVantages(db, runId),
    mayUseEverywhere(access, 'audit.list') ? readAuditEntries(db, [runId, plan.id]) : null,
    db.query.auditHeads.findFirst(),
  ]);
  const { plan: _, ...report } = reportRun(run);
  return {
    diversionId: plan.diversionId,
    account: stored.account,
    plan: {
      id: plan.id,
      hash: plan.hash,
      isIntact: run.isIntact,
      createdBy: plan.createdBy,
      createdAt: plan.createdAt.toISOString(),
    },
    report,
    createdBy: stored.run.createdBy,
    createdAt: stored.run.createdAt.toISOString(),
    approvals: given,
    breakGlass: count.breakGlass ?? null,
    activity: (activity?.entries ?? []).filter(
      (entry) =>
        ('runId' in entry && entry.runId === runId) || ('planId' in entry && entry.planId === plan.id),
    ),
    calls: listCloudCalls(run.events),
    probes: listStepProbes(run.events),
    watch: withGuardBreaches(watches[runId] ?? null, run),
    convergence,
    split: findSplit(
      traffic,
      listShares(run, run.events[0]?.at ?? ''),
      getSettleS(run.plan, settings.SPILLWAY_KEEP_ALIVE_S),
      countOwnRequests(run, reports, settings.SPILLWAY_PROBE_S),
    ),
    dnsSplit: getDnsSplit(run, reports),
    failoverProbes: stored.run.failoverProbes,
    prunedAt: stored.run.prunedAt?.toISOString() ?? null,
    audit,
    head: { seq: head?.seq ?? 0, hash: head?.hash ?? '' },
  };
}

/** Returns the record of a run; null if it does not exist. */
export const getRunRecord = query('run.getRecord', RunId, (runId) => ({ run: runId }), readRunRecord);

/** Returns the same for a file: recorded, because it takes data out. */
export const exportRunRecord = query('run.exportRecord', RunId, (runId) => ({ run: runId }), readRunRecord);
