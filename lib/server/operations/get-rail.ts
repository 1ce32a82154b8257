import 'server-only';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { AlertsView } from '@/lib/contract/alert';
import type { RailView } from '@/lib/contract/overview';
import type { Database } from '@/lib/db/database';
import { switches } from '@/lib/db/schema';
import type { PlanId } from '@/lib/plan/model/model';
import type { Actor } from '@/lib/policy/actor';
import { isUnapproved } from '@/lib/policy/approval';
import { limitAlerts, markOwnAlerts } from '@/lib/server/access/limit-alerts';
import { readSight } from '@/lib/server/access/read-sight';
import { query } from '@/lib/server/verb';
import { readAlerts } from '@/lib/store/alerts/read-alerts';
import { serverContext } from '@/lib/store/context';
import { countDrift } from '@/lib/store/drift/count-drift';
import { readApprovalCounts } from '@/lib/store/plans/read-approvals';
import { runsWithStateEvent, stateEventTypeList } from '@/lib/store/runs/last-state-events';
import { readApprovalRules } from '@/lib/store/settings/read-approval-rules';
import { recentRead, shareRead } from '@/lib/store/share-read';
import { TooLateError, withinMs } from '@/lib/timing/within-ms';
import { countProblems, findWorker } from './list-workers';

/** A badge must not delay the page: the first drift count over many runs takes a while, and a later poll returns it. */
const driftWithinMs = 500;

async function driftSoon(db: Database): Promise<RailView['drifted']> {
  const counting = countDrift(db).then((drifted) => {
    lastCounted = drifted;
    return drifted;
  });
  try {
    return await withinMs(counting, driftWithinMs, 'drift was not counted');
  } catch (error) {
    if (error instanceof TooLateError) return lastCounted;
    throw error;
  }
}

/** The count of the last completed read: a missing badge would suggest that there is no drift. */
let lastCounted: RailView['drifted'] = {};

/** The counts of everything, before they are limited to a reader. */
type WholeRail = Omit<RailView, 'alerts'> & { readonly alerts: AlertsView };

const readRail = shareRead(async (): Promise<WholeRail> => {
  const { db } = (await serverContext()).database;
  const [unapproved, drifted, problems, worker, alerts, [board]] = await Promise.all([
    countUnapproved(db),
    driftSoon(db),
    countProblems(db),
    findWorker(db),
    readAlerts(db),
    db
      .select({
        failoverEnabled: sql<number>`count(*) filter (where ${switches.state} = 'enabled')::int`,
      })
      .from(switches),
  ]);
  return {
    unapproved,
    drifted,
    problems,
    worker,
    alerts,
    failoverEnabled: board?.failoverEnabled ?? 0,
  };
});

/** Returns the counts of open tasks for the badges of the navigation. */
export const getRail = query('navigation.count', z.void(), 'all', async (_input, actor) =>
  limitRail(await readRail(), actor),
);

/**
 * Returns the counts for an actor. With limits it leaves out what is counted over everything: drift and plans that wait for
 * approval are on their own pages.
 */
async function limitRail(rail: WholeRail, actor: Actor): Promise<RailView> {
  const { db } = (await serverContext()).database;
  const sight = await readSight(db, actor, 'navigation.count');
  const alerts = await markOwnAlerts(db, actor, limitAlerts(rail.alerts, sight));
  if (sight === null) return { ...rail, alerts };
  return { ...rail, unapproved: 0, drifted: {}, failoverEnabled: 0, alerts };
}

const readRecentRail = recentRead(readRail, 1000);

/**
 * Returns the same, up to a second old, for the frame of a page. Its browser refetches when the change feed connects;
 * hundreds of pages share one read.
 */
export const getRecentRail = query('navigation.countRecent', z.void(), 'all', async (_input, actor) =>
  limitRail(await readRecentRail(), actor),
);

/**
 * Counts the plans that wait for approval: those with an open scheduled run, a T0 in the future, and fewer approvals
 * than the rules ask for. Reads no journal.
 */
async function countUnapproved(db: Database): Promise<number> {
  if (!(await readApprovalRules(db)).some(({ approvals }) => approvals > 0)) return 0;
  const { rows } = await db.execute<{ id: PlanId }>(sql`
    select plan.id
    from ${runsWithStateEvent}
    join plan on plan.id = run.plan_id
    where run.cutover is not null
      and (state_event.event->>'type' is null or state_event.event->>'type' not in ('finished', 'closed'))
      and (state_event.event->>'direction' is null or state_event.event->>'direction' = 'apply')
      and not exists (
        select 1 from run_event
        where run_id = run.id and event->>'type' in (${stateEventTypeList})
          and event->>'type' = 'passed' and event->>'gate' = 'T0'
      )`);
  const planIds = rows.map(({ id }) => id);
  const count = await readApprovalCounts(db, planIds);
  return planIds.filter((id) => isUnapproved(count(id))).length;
}
