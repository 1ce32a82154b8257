import 'server-only';
import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { DiversionId } from '@/lib/diversion/diversion';
import { type Access, mayUseEverywhere, mayUseOn } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import type { QueryName } from '@/lib/policy/verbs';
import type { RunId } from '@/lib/run/model/run-id';

/** The objects that an actor with limits may see. */
export type Sight = {
  readonly access: Access;
  /** Contains a diversion if everything that its draft and plans have ever named is covered. */
  readonly diversions: ReadonlySet<DiversionId>;
  readonly runs: ReadonlySet<RunId>;
  readonly switches: ReadonlySet<string>;
};

type Row<Id extends string> = {
  readonly connections: string[];
  readonly regions: string[];
  readonly domains: string[];
  readonly ids: Id[];
};

/** The footprints of drafts and plans, each once, with the ids of its diversions. */
const diversionFootprints = sql`
  select connections, regions, domains, array_agg(distinct id) as ids
  from (
    select id, array[connection_id] || scope_connections as connections, scope_regions as regions, scope_domains as domains
    from diversion
    union all
    select diversion_id, scope_connections, scope_regions, scope_domains from plan
  ) as named
  group by connections, regions, domains`;

const switchFootprints = sql`
  select array[connection_id] || scope_connections as connections, scope_regions as regions, scope_domains as domains,
    array_agg(id) as ids
  from switch group by 1, 2, 3`;

/** Returns the ids for which everything that they touch is covered. */
function pickCovered<Id extends string>(
  rows: readonly Row<Id>[],
  access: Access,
  operation: QueryName,
): ReadonlySet<Id> {
  const covered = new Set<Id>();
  const hidden = new Set<Id>();
  for (const { ids, ...footprint } of rows)
    for (const id of ids) (mayUseOn(access, operation, footprint) ? covered : hidden).add(id);
  for (const id of hidden) covered.delete(id);
  return covered;
}

/** Reads what an actor may see by a query; null = everything. */
export async function readSight(
  db: Pick<Database, 'execute'>,
  { access }: Pick<Actor, 'access'>,
  operation: QueryName,
): Promise<Sight | null> {
  if (mayUseEverywhere(access, operation)) return null;
  const [diversionRows, switchRows, runRows] = await Promise.all([
    db.execute<Row<DiversionId>>(diversionFootprints),
    db.execute<Row<string>>(switchFootprints),
    db.execute<{ id: RunId; diversion: DiversionId }>(
      sql`select run.id, plan.diversion_id as diversion from run join plan on plan.id = run.plan_id`,
    ),
  ]);
  const diversions = pickCovered(diversionRows.rows, access, operation);
  return {
    access,
    diversions,
    runs: new Set(runRows.rows.filter(({ diversion }) => diversions.has(diversion)).map(({ id }) => id)),
    switches: pickCovered(switchRows.rows, access, operation),
  };
}
