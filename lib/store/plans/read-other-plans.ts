import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Plan } from '@/lib/plan/model/model';
import type { OtherPlan } from '@/lib/preflight/model/conditions';
import type { RunId } from '@/lib/run/model/run-id';
import {
  runsWithStateEvent,
  type StateEventColumn,
  stateEventColumn,
  toRunState,
} from '@/lib/store/runs/last-state-events';
import type { AccountConnections } from '@/lib/store/runs/read-account-connections';
import { listKeysSeen, toOtherPlan } from '@/lib/store/runs/run-overlap';

/** A plan not applied by then counts as abandoned. */
const draftDays = 14;
/** The number of plans searched for drafts, and the maximum number of drafts returned, newest first. */
const plansSeen = 200;
const draftsMax = 20;

/**
 * The connections of the requesting plan: its own and those that it spans; and the connections of each account, since a
 * plan of another connection of it writes to the same objects.
 */
type Spanned = {
  readonly connectionId: string;
  readonly others: readonly string[];
  readonly accounts: AccountConnections;
};

/** Selects plans that belong to one of the accounts, or span one. */
function usesAny({ connectionId, others, accounts }: Spanned) {
  const ids = [connectionId, ...others].flatMap(accounts);
  const list = sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  );
  return sql`(plan.connection_id in (${list}) or plan.plan->'diversion'->'connections' ?| array[${list}])`;
}

type OpenRow = {
  readonly id: RunId;
  readonly plan: Plan;
  readonly cutover: Cutover | null;
  readonly stateEvent: StateEventColumn;
};

/**
 * Returns the open runs of the accounts of a plan, each with its period and the objects that it writes to.
 * @param before only runs that existed before this one: the first run has priority
 */
export async function readOpenRuns(
  db: Database,
  spanned: Spanned,
  before: string | null,
): Promise<readonly OtherPlan[]> {
  const isBefore =
    before === null
      ? sql`true`
      : sql`run.created_at < (select created_at from run as own where own.id = ${before})`;
  const { rows } = await db.execute<OpenRow>(sql`
    with open as materialized (
      -- First of all: which accounts a plan spans is deep in it, and few of all plans are under way.
      select run.id, run.plan_id, run.cutover, run.created_at, ${stateEventColumn} as "stateEvent"
      from ${runsWithStateEvent}
      where ${isBefore}
        and (state_event.event->>'type' is null or state_event.event->>'type' not in ('finished', 'closed'))
    )
    select open.id, plan.plan, open.cutover, open."stateEvent"
    from open join plan on plan.id = open.plan_id
    where ${usesAny(spanned)}
    order by open.created_at`);
  const now = new Date();
  return rows.map(({ id, plan, cutover, stateEvent }) =>
    toOtherPlan({ id, plan, cutover }, toRunState(stateEvent), now, spanned),
  );
}

/**
 * Returns recently reviewed plans of these accounts that were not applied: the newest of each diversion without a run.
 * @param name of the own diversion, if it exists: this plan replaces its earlier plans
 */
export async function readDrafts(
  db: Database,
  spanned: Spanned,
  name: string | null,
): Promise<readonly OtherPlan[]> {
  const { rows } = await db.execute<{ readonly id: string; readonly plan: Plan }>(sql`
    select plan.id, plan.plan
    from (
      select distinct on (name) id, created_at
      from (
        select id, created_at, plan->'diversion'->>'name' as name
        from plan
        where ${usesAny(spanned)} and created_at > now() - make_interval(days => ${draftDays})
        order by created_at desc limit ${plansSeen}
      ) as recent
      where name is distinct from ${name}
      order by name, created_at desc
    ) as newest
    join plan on plan.id = newest.id
    where not exists (select from run where run.plan_id = plan.id)
    order by plan.created_at desc limit ${draftsMax}`);
  return rows.map(({ id, plan }) => ({
    id,
    name: plan.diversion.name,
    state: 'draft',
    span: null,
    objects: listKeysSeen(plan, spanned),
  }));
}
