import 'server-only';
import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type {
  ScheduleConflict,
  ScheduledCutover,
  ScheduleView,
  UpcomingOccurrence,
} from '@/lib/contract/schedule';
import type { Database } from '@/lib/db/database';
import { connections, diversions, occurrences, plans, recurrences, runs } from '@/lib/db/schema';
import { hasAcknowledgedOutage } from '@/lib/diversion/acknowledgement';
import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import { nextOccurrences, RecurrenceRule } from '@/lib/diversion/recurrence';
import { buildTimeline, forecastSeconds } from '@/lib/plan/model/timeline';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { liveStates } from '@/lib/run/model/model';
import { isCanceled } from '@/lib/run/model/schedule-change';
import { readSight, type Sight } from '@/lib/server/access/read-sight';
import { unchangedRead } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readApprovalCounts } from '@/lib/store/plans/read-approvals';
import { loadRuns, openRuns } from '@/lib/store/runs/load-run';
import { type AccountConnections, readAccountConnections } from '@/lib/store/runs/read-account-connections';
import { readEmergencyStop } from '@/lib/store/runs/read-emergency-stop';
import { findOverlap, getPlanSpan } from '@/lib/store/runs/run-overlap';
import { readFreezes } from '@/lib/store/settings/read-freezes';

/** The time ahead for which they are listed: beyond that, the rule is enough. */
const listedMs = 62 * 86_400_000;
const weekMs = 7 * 86_400_000;

/** Returns the upcoming occurrences that have not been created yet, the next one first. */
async function listUpcoming(db: Database, now: Date): Promise<readonly UpcomingOccurrence[]> {
  const series = await db
    .select({
      id: recurrences.diversionId,
      rule: recurrences.rule,
      name: diversions.name,
      connectionName: connections.name,
    })
    .from(recurrences)
    .innerJoin(diversions, eq(diversions.id, recurrences.diversionId))
    .innerJoin(connections, eq(connections.id, diversions.connectionId))
    .where(isNull(recurrences.stoppedAt));
  if (series.length === 0) return [];
  const ids = series.map(({ id }) => id);
  const created = await db
    .select({ seriesId: occurrences.seriesId, date: occurrences.date })
    .from(occurrences)
    .where(
      and(
        inArray(occurrences.seriesId, ids),
        isNull(occurrences.replacedAt),
        // Dates below are within a day of their T0.
        gt(occurrences.t0, new Date(now.getTime() - weekMs)),
      ),
    );
  const known = new Set(created.map(({ seriesId, date }) => `${seriesId} ${date}`));
  const range = { from: now.getTime(), until: now.getTime() + listedMs };
  return series
    .flatMap(({ id, rule, name, connectionName }) =>
      // The worker reports a rule that can't be read, and creates nothing by it.
      (RecurrenceRule.safeParse(rule).success ? nextOccurrences(rule, range) : [])
        .filter(({ date }) => !known.has(`${id} ${date}`))
        .map(({ date, t0, t1 }): UpcomingOccurrence => {
          const times = { t0: new Date(t0).toISOString(), t1: new Date(t1).toISOString() };
          return { seriesId: id, name, connectionName, date, ...times };
        }),
    )
    .toSorted((a, b) => a.t0.localeCompare(b.t0));
}

/** The maximum age of finished cutovers. */
const shownMs = 31 * 86_400_000;

function summary(
  run: RunRecord,
  cutover: Cutover,
  { connectionName, approvals }: Pick<ScheduledCutover, 'connectionName' | 'approvals'>,
): ScheduledCutover {
  const { id, planId, name, connectionId, connectionKind, state, actor, endedAt, latenessMs, checked } =
    foldRun(run);
  const after = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString();
  return {
    runId: id,
    planId,
    name,
    connectionId,
    connectionName,
    connectionKind,
    state,
    hasOutage: hasAcknowledgedOutage(run.plan.diversion),
    cutover,
    prewarmAt: prewarmAt(cutover).toISOString(),
    divertedAt: after(cutover.t0, forecastSeconds(run.plan.steps, ['divert', 'verify'])),
    backAt: cutover.t1 === null ? null : after(cutover.t1, buildTimeline(run.plan.rollback).totalMs),
    endedAt,
    writes: run.plan.steps.filter((step) => step.kind === 'write').length,
    actor,
    latenessMs,
    approvals,
    problems: checked?.problems ?? [],
  };
}

function listConflicts(
  open: readonly RunRecord[],
  accounts: AccountConnections,
): readonly ScheduleConflict[] {
  return open.flatMap((run, index): ScheduleConflict[] => {
    if (!isOpen(run)) return [];
    const overlap = findOverlap(
      run.plan,
      getPlanSpan(run.plan, run.cutover),
      open.slice(index + 1),
      accounts,
    );
    return overlap === null ? [] : [{ runIds: [run.id, overlap.runId], object: overlap.object }];
  });
}

const isOpen = (run: RunRecord) => [...liveStates, 'stopped'].includes(foldRun(run).state);

/** Reads the schedule: upcoming, running, stopped and finished cutovers, with freezes and conflicts. */
export const readSchedule = unchangedRead(async (): Promise<ScheduleView> => {
  const { database } = await serverContext();
  const { db } = database;
  const open = await openRuns(db);
  // Older cutovers are listed under Runs.
  const isRecent = sql`${runs.cutover}->>'t0' > ${new Date(Date.now() - shownMs).toISOString()}`;
  const rows = await db
    .select({ id: runs.id, connectionName: connections.name })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(
      or(
        inArray(
          runs.id,
          open.map((run) => run.id),
        ),
        isRecent,
      ),
    );
  const names = new Map(rows.map(({ id, connectionName }) => [id, connectionName]));
  const records = await loadRuns(db, [...names.keys()]);
  const approvalCounts = await readApprovalCounts(
    db,
    records.map(({ planId }) => planId),
  );
  const cutovers = records.flatMap((run) => {
    if (run.cutover === null || isCanceled(run)) return [];
    const approvals = approvalCounts(run.planId);
    return [summary(run, run.cutover, { connectionName: names.get(run.id) ?? '', approvals })];
  });
  return {
    now: new Date().toISOString(),
    cutovers: cutovers.toSorted((a, b) => a.cutover.t0.localeCompare(b.cutover.t0)),
    upcoming: await listUpcoming(db, new Date()),
    conflicts: listConflicts(open, await readAccountConnections(db)),
    freezes: await readFreezes(db),
    stop: await readEmergencyStop(db),
  };
});

/** Returns a schedule with what someone may see: of conflicts, those between runs of which they see both. */
export function limitSchedule(schedule: ScheduleView, sight: Sight | null): ScheduleView {
  if (sight === null) return schedule;
  return {
    ...schedule,
    cutovers: schedule.cutovers.filter(({ runId }) => sight.runs.has(runId)),
    upcoming: schedule.upcoming.filter(({ seriesId }) => sight.diversions.has(seriesId)),
    conflicts: schedule.conflicts.filter(({ runIds }) => runIds.every((id) => sight.runs.has(id))),
  };
}

/** Returns the schedule: upcoming, running, stopped and finished cutovers, with freezes and conflicts. */
export const getSchedule = query('schedule.get', z.void(), 'all', async (_input, actor) => {
  const sight = await readSight((await serverContext()).database.db, actor, 'schedule.get');
  return limitSchedule(await readSchedule(), sight);
});
