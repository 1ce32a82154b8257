import { asc, eq, sql } from 'drizzle-orm';
import type { ChecklistView } from '@/lib/contract/overview';
import type { Database } from '@/lib/db/database';
import { connections, firstSteps } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import type { RunId } from '@/lib/run/model/run-id';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';

/** Returns the node of a rule with server targets, for the link of the first step. */
function pickRouteNode(estate: Estate | null): string | null {
  const rule = estate?.rules.find(({ targets }) => targets.length > 0) ?? estate?.rules[0];
  return rule === undefined ? null : `ru:${rule.id}`;
}

type Evidence = {
  readonly isSynced: boolean;
  readonly split: RunId | null;
  readonly isRolledBack: boolean;
};

/**
 * Reads the progress of the first steps from stored data: a snapshot, an opened route, the end of a Split's run in the
 * sandbox, and the rollback of one.
 */
export async function readChecklist(db: Database): Promise<ChecklistView> {
  const [{ rows }, [row], known] = await Promise.all([
    db.execute<Evidence>(sql`
      with split as (
        select run.id, run_event.id as event, run_event.event->>'result' as result
        from run
        join plan on plan.id = run.plan_id
        join connection on connection.id = plan.connection_id
        join run_event on run_event.run_id = run.id and run_event.event->>'type' = 'finished'
        where connection.kind = 'sandbox' and plan.plan->'diversion'->>'kind' = 'split'
          and plan.plan->'restores' is null
      )
      select exists (select from estate) as "isSynced",
        (select id from split where result = 'done' order by event desc limit 1) as split,
        exists (select from split where result = 'rolledBack') as "isRolledBack"`),
    db.select().from(firstSteps),
    db
      .select({ id: connections.id, kind: connections.kind })
      .from(connections)
      .where(eq(connections.available, true))
      .orderBy(asc(connections.kind), asc(connections.id)),
  ]);
  const evidence = rows[0] ?? { isSynced: false, split: null, isRolledBack: false };
  // Sandbox accounts come first.
  const [first] = known;
  return {
    connectionId: first?.id ?? null,
    routeNode: first === undefined ? null : pickRouteNode(await newestSnapshot(db, first.id)),
    splitRunId: evidence.split,
    done: {
      sync: evidence.isSynced,
      route: row?.routeOpenedAt != null,
      split: evidence.split !== null,
      rollback: evidence.isRolledBack,
    },
    dismissed:
      row?.dismissedAt == null ? null : { by: row.dismissedBy ?? '', at: row.dismissedAt.toISOString() },
  };
}
