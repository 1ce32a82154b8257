import { sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { OpenDatabase } from '@/lib/db/database';
import { pruneWork } from '@/lib/run/durable/prune-work';
import type { RunId } from '@/lib/run/model/run-id';
import { runsWithStateEvent } from '@/lib/server/journal/last-state-events';
import type { Measures } from '@/lib/worker/connections/measures';
import { pruneTables } from './prune-tables';
import type { WorkLoop } from './work-loop';

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
