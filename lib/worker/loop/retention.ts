import { and, inArray, lt, ne, notInArray, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Database, OpenDatabase } from '@/lib/db/database';
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
import { applicationName } from '@/lib/run/durable/work';
import type { RunId } from '@/lib/run/model/run-id';
import { runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import type { Measures } from '@/lib/worker/connections/measures';
import type { WorkLoop } from './work-loop';

type TableRetention = {
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
async function pruneTables(db: Database, retention: TableRetention): Promise<number> {
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

type PruneWork = {
  /** Work is deleted this many days after its end. */
  readonly days: number;
  /** Runs whose work is kept, including earlier attempts. */
  readonly openRunIds: readonly string[];
  /** The maximum number of workflows to delete. */
  readonly max: number;
};

/**
 * Deletes the engine's records of ended workflows: steps, messages, input and result. Waiting and running workflows are
 * kept. Continuing an ended run starts a new workflow, which does not read these.
 * @returns the number of deleted workflows
 */
async function pruneWork(pool: pg.Pool, { days, openRunIds, max }: PruneWork): Promise<number> {
  // One statement, so one transaction. The other tables reference workflow_status and cascade.
  const { rows } = await pool.query(
    `with ended as (
       delete from dbos.workflow_status
       where workflow_uuid in (
         select workflow_uuid from dbos.workflow_status
         where status in ('SUCCESS', 'ERROR', 'CANCELLED') and application_name = $1
           and updated_at < (extract(epoch from now()) - $2 * 86400) * 1000
           and not (name = 'run' and split_part(workflow_uuid, '.', 1) = any($3))
         limit $4
       )
       returning workflow_uuid
     ), steps as (
       delete from dbos.operation_outputs using ended where operation_outputs.workflow_uuid = ended.workflow_uuid
     ), inputs as (
       delete from dbos.workflow_input using ended where workflow_input.workflow_uuid = ended.workflow_uuid
     ), results as (
       delete from dbos.workflow_output using ended where workflow_output.workflow_uuid = ended.workflow_uuid
     )
     select count(*)::int as count from ended`,
    [applicationName, days, openRunIds, max],
  );
  return rows[0].count;
}

/** The interval between two rounds; what they remove has been kept for days. */
const everyMs = 3_600_000;
/** The delay after the start, when a worker recovers its runs. */
const firstAfterMs = 60_000;
const pollMs = 10_000;
/** The number of runs, or items of the engine's work, per statement: keeps locks short. */
const runsMax = 50;
const workMax = 500;

export type RetentionDeps = {
  readonly database: Pick<OpenDatabase, 'db' | 'pool'>;
  /** The number of days for which details are kept after the end. */
  readonly days: number;
  readonly measures: Pick<Measures, 'pruned'>;
};

/** The numbers of removed runs, events, rows of other tables, and work items. */
export type Pruned = {
  readonly runs: number;
  readonly events: number;
  readonly rows: number;
  readonly work: number;
};

async function openRunIds(db: OpenDatabase['db']): Promise<readonly RunId[]> {
  const { rows } = await db.execute<{ id: RunId }>(sql`
    select run.id from ${runsWithStateEvent}
    where state_event.event->>'type' is null or state_event.event->>'type' not in ('finished', 'closed')`);
  return rows.map(({ id }) => id);
}

/**
 * Removes details whose retention after the end of their run, sync or other work is over: from journals, what
 * `prune_journal` of the migrations allows; the rows of `pruneTables`; and the engine's records of ended work. Open runs
 * keep everything. Parts of functions that pages have read are removed after a day, because code and logs may contain
 * sensitive data; so are past requests.
 */
export async function pruneEnded({ database, days, measures }: RetentionDeps): Promise<Pruned> {
  const { db, pool } = database;
  const pruned = { runs: 0, events: 0, rows: 0, work: 0 };
  for (let last = runsMax; last === runsMax; pruned.runs += last) {
    const { rows } = await db.execute<{ runs: number; events: number }>(
      sql`select runs, events from prune_journal(now() - ${days} * interval '1 day', ${runsMax})`,
    );
    last = rows[0]?.runs ?? 0;
    pruned.events += rows[0]?.events ?? 0;
    measures.pruned('event', rows[0]?.events ?? 0);
  }
  pruned.rows = await pruneTables(db, { days, openRunIds: await openRunIds(db) });
  measures.pruned('row', pruned.rows);
  for (let last = workMax; last === workMax; pruned.work += last) {
    last = await pruneWork(pool, { days, openRunIds: await openRunIds(db), max: workMax });
    measures.pruned('work', last);
  }
  return pruned;
}

/** Removes what is due, each hour, as long as the process lives. A failed round is retried by its loop. */
export function startRetention(
  loop: WorkLoop,
  deps: RetentionDeps & { readonly log: Pick<Logger, 'info'> },
): void {
  let nextAt = performance.now() + firstAfterMs;
  const round = async () => {
    if (performance.now() < nextAt) return false;
    const pruned = await pruneEnded(deps);
    nextAt = performance.now() + everyMs;
    if (pruned.runs + pruned.rows + pruned.work > 0)
      deps.log.info(pruned, 'details of ended runs and work were removed');
    return true;
  };
  const next = () => {
    setTimeout(() => void loop.each(['journals of ended runs'], String, round).finally(next), pollMs).unref();
  };
  next();
}
