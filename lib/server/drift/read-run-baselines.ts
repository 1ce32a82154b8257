import { inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { type RunBaseline, runBaseline } from '@/lib/run/model/baseline-states';
import type { RunEvent, RunId } from '@/lib/run/model/model';

/** A run's changes in effect, by the last step that it has done. */
type Known = { readonly lastId: string; readonly left: RunBaseline };

/** On `globalThis`, because Next may load this module more than once in a process. Keyed by run. */
const holder = globalThis as typeof globalThis & {
  spillwayLefts?: Map<string, Known>;
  /** The read that is under way, or the last one. */
  spillwayLeftsRead?: Promise<unknown>;
};

/** The number of plans and journals that are read at once. */
const batch = 200;

async function read(db: Pick<Database, 'execute'>, runIds: readonly RunId[]) {
  const { rows } = await db.execute<{
    readonly id: RunId;
    readonly planId: PlanId;
    readonly plan: Plan;
    readonly events: readonly RunEvent[];
  }>(sql`
    select run.id, plan.id as "planId", plan.plan, done.events
    from run
    join plan on plan.id = run.plan_id
    cross join lateral (
      select coalesce(jsonb_agg(event order by id), '[]') as events from run_event
      where run_id = run.id and event->>'type' = 'stepDone'
    ) as done
    where ${inArray(runs.id, [...runIds])}`);
  return rows.map((row) => [row.id, runBaseline(row)] as const);
}

async function readBaselines(db: Pick<Database, 'execute'>): Promise<readonly RunBaseline[]> {
  holder.spillwayLefts ??= new Map();
  const known = holder.spillwayLefts;
  const { rows } = await db.execute<{ readonly id: RunId; readonly lastId: string }>(sql`
    select run.id, done.id as "lastId"
    from run
    cross join lateral (
      select id from run_event where run_id = run.id and event->>'type' = 'stepDone' order by id desc limit 1
    ) as done
    order by run.created_at, run.id`);
  const lastIds = new Map(rows.map(({ id, lastId }) => [id, lastId]));
  const changed = rows.filter(({ id, lastId }) => known.get(id)?.lastId !== lastId).map(({ id }) => id);
  for (let from = 0; from < changed.length; from += batch)
    for (const [id, left] of await read(db, changed.slice(from, from + batch)))
      known.set(id, { lastId: lastIds.get(id) ?? '', left });
  return rows.flatMap(({ id }) => known.get(id)?.left ?? []);
}

/**
 * Returns what the runs of all connections have in effect, oldest first. That changes only when a run does another
 * step: plans and journals of all others are not read again. Reads run one after another: many callers ask at once, for
 * each connection and page, and the first read serves all of them.
 */
export function readRunBaselines(db: Pick<Database, 'execute'>): Promise<readonly RunBaseline[]> {
  const before = holder.spillwayLeftsRead ?? Promise.resolve();
  const lefts = before.catch(() => undefined).then(() => readBaselines(db));
  holder.spillwayLeftsRead = lefts;
  return lefts;
}
