import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';

/** A function change made through Spillway: a deployment, or a change of a version, alias and the like. */
export type OwnFunctionChange = {
  readonly id: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  /** `deploy`, or the kind of the change. */
  readonly action: string;
  readonly actor: string;
  /** ISO instants, by Spillway's clock: of the request, and of its end if stored. */
  readonly at: string;
  readonly endedAt: string | null;
};

/** Returns the changes of a connection's functions that were requested in a period, oldest first. */
export async function readOwnFunctionChanges(
  db: Pick<Database, 'execute'>,
  connectionId: string,
  from: Date,
  to: Date,
): Promise<readonly OwnFunctionChange[]> {
  const { rows } = await db.execute<
    Omit<OwnFunctionChange, 'at' | 'endedAt'> & { at: string; endedAt: string | null }
  >(sql`
    select id, spec->>'region' as region, spec->>'namespace' as namespace, spec->>'name' as name,
      'deploy' as action, actor, created_at as at, null::timestamptz as "endedAt"
    from deployment
    where connection_id = ${connectionId} and created_at between ${from.toISOString()} and ${to.toISOString()}
    union all
    select id, region, namespace, name, change->>'kind', actor, created_at, ended_at
    from function_change
    where connection_id = ${connectionId} and created_at between ${from.toISOString()} and ${to.toISOString()}
    order by at`);
  const iso = (at: string) => new Date(at).toISOString();
  return rows.map((row) => ({
    ...row,
    at: iso(row.at),
    endedAt: row.endedAt === null ? null : iso(row.endedAt),
  }));
}
