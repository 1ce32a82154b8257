import { and, inArray, lt, ne, notInArray, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '@/lib/db/database';
import {
  alertLinkUses,
  deployments,
  diversionTraffic,
  functionChanges,
  functionReadings,
  plans,
  rateLeases,
  rehearsals,
  runSamples,
  runs,
  runVantages,
  testInvocations,
  trafficHistories,
} from '@/lib/db/schema';
import type { RunId } from '@/lib/run/model/run-id';

export type TableRetention = {
  /** The number of days after their end for which rows are kept. */
  readonly days: number;
  /** Runs of which nothing is removed, nor of their plans and diversions. */
  readonly openRunIds: readonly RunId[];
};

/** A table, and the condition of the rows to remove. */
type Rule = readonly [PgTable, SQL | undefined];

/** A newer test invocation of the same version with the same method and state exists: pages and checks use the newest. */
const hasNewerTest = sql`exists (
  select from ${testInvocations} as newer
  where newer.connection_id = ${testInvocations.connectionId} and newer.region = ${testInvocations.region}
    and newer.namespace = ${testInvocations.namespace} and newer.name = ${testInvocations.name}
    and newer.qualifier = ${testInvocations.qualifier} and newer.method = ${testInvocations.method}
    and newer.state = ${testInvocations.state} and newer.created_at > ${testInvocations.createdAt})`;

function listRules(db: Database, { days, openRunIds }: TableRetention): readonly Rule[] {
  const before = sql`now() - ${days} * interval '1 day'`;
  const aDayAgo = sql`now() - interval '1 day'`;
  const open = [...openRunIds];
  const openPlans = db.select({ id: runs.planId }).from(runs).where(inArray(runs.id, open));
  const openDiversions = db.select({ id: plans.diversionId }).from(plans).where(inArray(plans.id, openPlans));
  return [
    // What pages have read: a page that is opened again requests a new read.
    [functionReadings, lt(functionReadings.askedAt, aDayAgo)],
    [trafficHistories, lt(trafficHistories.askedAt, aDayAgo)],
    [runSamples, and(lt(runSamples.at, before), notInArray(runSamples.runId, open))],
    [runVantages, and(lt(runVantages.at, before), notInArray(runVantages.runId, open))],
    [
      diversionTraffic,
      and(lt(diversionTraffic.at, before), notInArray(diversionTraffic.diversionId, openDiversions)),
    ],
    [
      rehearsals,
      and(
        inArray(rehearsals.state, ['done', 'failed', 'canceled']),
        lt(sql`coalesce(${rehearsals.endedAt}, ${rehearsals.createdAt})`, before),
        notInArray(rehearsals.planId, openPlans),
      ),
    ],
    [deployments, and(ne(deployments.state, 'running'), lt(deployments.createdAt, before))],
    [
      functionChanges,
      and(
        ne(functionChanges.state, 'running'),
        lt(sql`coalesce(${functionChanges.endedAt}, ${functionChanges.createdAt})`, before),
      ),
    ],
    [
      testInvocations,
      and(ne(testInvocations.state, 'running'), lt(testInvocations.createdAt, before), hasNewerTest),
    ],
    // A key that was replaced, or whose user became known, is never claimed again.
    [rateLeases, lt(rateLeases.until, aDayAgo)],
    // A link is valid for a day, and can't be used again after that in any case.
    [alertLinkUses, lt(alertLinkUses.at, before)],
  ];
}

/** The number of rows per statement: keeps locks short. */
const rowsMax = 1000;

/**
 * Removes the rows of tables beside the journal whose retention is over. Rows of open runs and of unfinished work stay.
 * @returns the number of removed rows
 */
export async function pruneTables(db: Database, retention: TableRetention): Promise<number> {
  let removed = 0;
  for (const [table, isDue] of listRules(db, retention)) {
    for (let last = rowsMax; last === rowsMax; removed += last) {
      const batch = sql`select ctid from ${table} where ${isDue} limit ${rowsMax}`;
      const { rowCount } = await db.execute(sql`delete from ${table} where ctid = any(array(${batch}))`);
      last = rowCount ?? 0;
    }
  }
  return removed;
}
