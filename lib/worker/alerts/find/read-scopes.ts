import { sql } from 'drizzle-orm';
import { type AlertScope, everything } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import type { Diversion } from '@/lib/diversion/diversion';
import { functionRoutes, listDomains } from '@/lib/diversion/routes';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';

type Row = {
  readonly id: string;
  readonly connectionId: string;
  readonly diversion: Diversion;
  /** The region of each call of the plan; null for a call without one. */
  readonly regions: readonly (string | null)[];
};

function toScope({ connectionId, diversion, regions }: Row): AlertScope {
  const used = functionRoutes(diversion).map(({ route }) => route.function.region);
  return {
    connectionIds: listConnectionIds({ connectionId, diversion }),
    regions: [...new Set([...used, ...regions.flatMap((region) => region ?? [])])],
    domains: listDomains(diversion.routes),
  };
}

/** The scopes of runs and plans, which never change: rounds ask for the same ones. */
const known = new WeakMap<Database, Map<string, AlertScope>>();
/** The number of kept scopes beyond which all are read again. */
const knownMax = 2000;

/**
 * Returns the scope of each run, plan and Switch: accounts, the regions of its functions and cloud calls, and domains.
 * @param ids of any of them: no two have the same
 */
export async function readScopes(db: Database, ids: readonly string[]): Promise<(id: string) => AlertScope> {
  const kept = known.get(db) ?? new Map<string, AlertScope>();
  if (kept.size > knownMax) kept.clear();
  known.set(db, kept);
  const missing = [...new Set(ids)].filter((id) => !kept.has(id));
  if (missing.length === 0) return (id) => kept.get(id) ?? everything;
  const list = sql.join(
    missing.map((id) => sql`${id}`),
    sql`, `,
  );
  const ofPlan = sql`plan.connection_id as "connectionId", plan.plan->'diversion' as diversion,
    jsonb_path_query_array(plan.plan, '$.steps[*].call.region') as regions`;
  const { rows } = await db.execute<Row & { readonly isFixed: boolean }>(sql`
    select run.id, true as "isFixed", ${ofPlan} from run join plan on plan.id = run.plan_id where run.id in (${list})
    union all select plan.id, true, ${ofPlan} from plan where plan.id in (${list})
    union all select id, false, connection_id, diversion, '[]' from switch where id in (${list})`);
  const read = new Map<string, AlertScope>();
  for (const row of rows) {
    const scope = toScope(row);
    read.set(row.id, scope);
    if (row.isFixed) kept.set(row.id, scope);
  }
  return (id) => read.get(id) ?? kept.get(id) ?? everything;
}
