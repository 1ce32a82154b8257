import 'server-only';
import { eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '@/lib/db/database';
import { approvals, deployments, diversions, plans, rehearsals, runs, switches } from '@/lib/db/schema';
import type { Plan } from '@/lib/plan/model/model';
import type { ObjectScope } from '@/lib/policy/actor';
import { type Footprint, mergeFootprints } from '@/lib/policy/covers';

type Reader = Pick<Database, 'select' | 'selectDistinct'>;

const planColumns = {
  connections: plans.scopeConnections,
  regions: plans.scopeRegions,
  domains: plans.scopeDomains,
};

/** Reads what a diversion touches: its draft, and all plans that it ever had. */
async function readDiversionFootprint(db: Reader, id: SQL | string): Promise<Footprint | null> {
  const [own] = await db
    .select({
      connectionId: diversions.connectionId,
      connections: diversions.scopeConnections,
      regions: diversions.scopeRegions,
      domains: diversions.scopeDomains,
    })
    .from(diversions)
    .where(eq(diversions.id, sql`${id}`));
  if (own === undefined) return null;
  const revisions = await db
    .selectDistinct(planColumns)
    .from(plans)
    .where(eq(plans.diversionId, sql`${id}`));
  return mergeFootprints([{ ...own, connections: [own.connectionId, ...own.connections] }, ...revisions]);
}

async function readSwitchFootprint(db: Reader, id: string): Promise<Footprint | null> {
  const [own] = await db
    .select({
      connectionId: switches.connectionId,
      connections: switches.scopeConnections,
      regions: switches.scopeRegions,
      domains: switches.scopeDomains,
    })
    .from(switches)
    .where(eq(switches.id, id));
  return own === undefined ? null : { ...own, connections: [own.connectionId, ...own.connections] };
}

/** The diversion of an object, as a subquery. */
function diversionBy(table: PgTable, column: PgColumn, id: string, join: SQL = sql``): SQL {
  return sql`(select plan.diversion_id from ${table} ${join} where ${column}::text = ${id})`;
}

/**
 * Reads what the objects of a scope touch; null if they are not stored, or on no connection. What is stored under an id of the
 * caller's choice counts in full, whatever else the input names.
 */
export async function readFootprint(db: Reader, scope: ObjectScope): Promise<Footprint | null> {
  if ('connections' in scope) {
    const { connections, regions = [], domains = [], diversion } = scope;
    const stored = diversion === undefined ? null : await readDiversionFootprint(db, diversion);
    return mergeFootprints([{ connections, regions, domains }, ...(stored === null ? [] : [stored])]);
  }
  const found: (Footprint | null)[] = [];
  if (scope.diversion !== undefined) found.push(await readDiversionFootprint(db, scope.diversion));
  if (scope.plan !== undefined)
    found.push(await readDiversionFootprint(db, diversionBy(plans, plans.id, scope.plan)));
  if (scope.run !== undefined)
    found.push(
      await readDiversionFootprint(
        db,
        diversionBy(runs, runs.id, scope.run, sql`join plan on plan.id = run.plan_id`),
      ),
    );
  if (scope.rehearsal !== undefined)
    found.push(
      await readDiversionFootprint(
        db,
        diversionBy(
          rehearsals,
          rehearsals.id,
          scope.rehearsal,
          sql`join plan on plan.id = rehearsal.plan_id`,
        ),
      ),
    );
  if (scope.approval !== undefined)
    found.push(
      await readDiversionFootprint(
        db,
        diversionBy(approvals, approvals.id, scope.approval, sql`join plan on plan.id = approval.plan_id`),
      ),
    );
  if (scope.switch !== undefined) found.push(await readSwitchFootprint(db, scope.switch));
  if (scope.deployment !== undefined) {
    const [row] = await db
      .select({ connectionId: deployments.connectionId, spec: deployments.spec })
      .from(deployments)
      .where(eq(deployments.id, scope.deployment));
    found.push(row ? { connections: [row.connectionId], regions: [row.spec.region], domains: [] } : null);
  }
  const known = found.filter((footprint) => footprint !== null);
  return known.length === 0 ? null : mergeFootprints(known);
}

/** Computes what a plan touches that is not stored. */
export async function readPlanFootprint(db: Reader, plan: Plan): Promise<Footprint> {
  const content = sql`${JSON.stringify(plan)}::jsonb`;
  const [row] = await db
    .select({
      connections: sql<string[]>`scope_connections(${content})`,
      regions: sql<string[]>`scope_regions(${content})`,
      domains: sql<string[]>`scope_domains(${content})`,
    })
    .from(sql`(values (1)) as one`);
  return row ?? { connections: [], regions: [], domains: [] };
}
