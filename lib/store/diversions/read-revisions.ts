import { desc, eq, inArray, sql } from 'drizzle-orm';
import type { RevisionView } from '@/lib/contract/diversion';
import type { Database } from '@/lib/db/database';
import { connections, plans, runs } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { getRevisionState, waitsForT0 } from '@/lib/run/model/diversion-state';
import { readApprovalCounts } from '@/lib/store/plans/read-approvals';
import { readLastProblems, readRunStates, stateEventTypeList } from '@/lib/store/runs/last-state-events';

type PlanRow = typeof plans.$inferSelect;

/** The fields of a revision that don't require reading its plan. */
export type RevisionSummary = Omit<RevisionView, 'hasOutage' | 'isRestore' | 'writes' | 'blocks'>;

/** Reads the plans of diversions with their runs, newest first, without the plans' contents. */
export async function readRevisionSummaries(
  db: Database,
  diversionIds: readonly DiversionId[],
): Promise<ReadonlyMap<DiversionId, readonly RevisionSummary[]>> {
  if (diversionIds.length === 0) return new Map();
  const rows = await db
    .select({
      diversionId: plans.diversionId,
      planId: plans.id,
      number: plans.revision,
      createdAt: plans.createdAt,
      createdBy: plans.createdBy,
      connectionKind: connections.kind,
      runId: runs.id,
      cutover: runs.cutover,
      // Only runs on a schedule pass a gate; the index of state events covers these.
      isBegun: sql<boolean>`${runs.cutover} is null or exists (
        select from run_event where run_id = ${runs.id} and event->>'type' in (${stateEventTypeList})
          and event->>'type' = 'passed')`,
    })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .leftJoin(runs, eq(runs.planId, plans.id))
    .where(inArray(plans.diversionId, [...diversionIds]))
    .orderBy(desc(plans.revision));
  const [states, countApprovals] = await Promise.all([
    readRunStates(
      db,
      rows.flatMap(({ runId }) => runId ?? []),
    ),
    readApprovalCounts(
      db,
      rows.map(({ planId }) => planId),
    ),
  ]);
  const problems = await readLastProblems(
    db,
    rows.flatMap(({ runId }) => (runId !== null && waitsForT0(states.get(runId) ?? null) ? runId : [])),
  );
  const found = new Map<DiversionId, RevisionSummary[]>();
  for (const { diversionId, createdAt, ...row } of rows) {
    const revisions = found.get(diversionId) ?? [];
    const approvals = countApprovals(row.planId);
    const storedState = row.runId === null ? null : (states.get(row.runId) ?? null);
    // A schedule that was canceled before it started leaves the plan's state unchanged.
    const isCanceled = storedState === 'closed' && !row.isBegun;
    const runState = isCanceled ? null : storedState;
    revisions.push({
      ...row,
      cutover: isCanceled ? null : row.cutover,
      createdAt: createdAt.toISOString(),
      approvals,
      runState,
      problems: row.runId === null ? [] : (problems.get(row.runId) ?? []),
      state: getRevisionState({ approvals, runState }, revisions.length === 0),
    });
    found.set(diversionId, revisions);
  }
  return found;
}

/**
 * Reads the plans of diversions, newest first, with the fields of a list: a full plan with its findings takes some
 * hundred kB.
 */
export async function readRevisions(
  db: Database,
  diversionIds: readonly DiversionId[],
): Promise<ReadonlyMap<DiversionId, readonly RevisionView[]>> {
  if (diversionIds.length === 0) return new Map();
  const [summaries, rows] = await Promise.all([
    readRevisionSummaries(db, diversionIds),
    db
      .select({
        planId: plans.id,
        hasOutage: sql<boolean>`jsonb_array_length(${plans.plan}->'diversion'->'acknowledged') > 0`,
        isRestore: sql<boolean>`${plans.plan}->'restores' is not null`,
        writes: sql<number>`jsonb_array_length(jsonb_path_query_array(${plans.plan}, '$.steps[*] ? (@.kind == "write")'))`,
        findings: sql<
          PlanRow['findings']
        >`jsonb_path_query_array(${plans.findings}, '$[*] ? (@.status == "block" || @.status == "unknown")')`,
      })
      .from(plans)
      .where(inArray(plans.diversionId, [...diversionIds])),
  ]);
  const contents = new Map(
    rows.map(({ planId, findings, ...row }) => [planId, { ...row, blocks: findings.filter(stops).length }]),
  );
  const withContent = (summary: RevisionSummary): readonly RevisionView[] => {
    const content = contents.get(summary.planId);
    // A plan stored between the two reads is returned by the next one.
    return content === undefined ? [] : [{ ...summary, ...content }];
  };
  return new Map([...summaries].map(([id, revisions]) => [id, revisions.flatMap(withContent)]));
}
