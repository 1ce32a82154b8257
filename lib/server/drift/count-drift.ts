import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { stateEventTypeList } from '@/lib/server/journal/last-state-events';
import { findDrift } from './find-drift';
import { listDrifted } from './get-drift';

/** A drift count with the stamp of its inputs. */
type Counted = { readonly stamp: string; readonly count: Promise<number> };

/**
 * On `globalThis`, because Next may load this module more than once in a process. Keyed by database, then connection.
 */
const holder = globalThis as typeof globalThis & { spillwayDrift?: WeakMap<Database, Map<string, Counted>> };

/** Returns a stamp of all inputs of drift: a changed stamp causes a recount. A plan may span several accounts. */
async function readStamps(db: Database): Promise<readonly { readonly id: string; readonly stamp: string }[]> {
  const { rows } = await db.execute<{ id: string; stamp: string }>(sql`
    select connection.id, concat_ws(' ', looked.at,
      (select max(run_event.id) from run_event where event->>'type' = 'stepDone'),
      (select max(run_event.id) from run_event where event->>'type' in (${stateEventTypeList})),
      (select max(accepted_drift.id) from accepted_drift where connection_id = connection.id)) as stamp
    from connection
    cross join (
      select string_agg(concat_ws(' ', id, taken_at, parts_at), ', ' order by id) as at from estate
    ) as looked
    where connection.available and exists (select 1 from estate where connection_id = connection.id)`);
  return rows;
}

/**
 * Counts drifted objects by connection. Every page polls this, so the count is cached until a sync, a run or an
 * acceptance may have changed it.
 */
export async function countDrift(db: Database): Promise<Readonly<Record<string, number>>> {
  holder.spillwayDrift ??= new WeakMap();
  const known = holder.spillwayDrift.get(db) ?? new Map<string, Counted>();
  holder.spillwayDrift.set(db, known);
  const counts = (await readStamps(db)).map(async ({ id, stamp }) => {
    const last = known.get(id);
    if (last?.stamp === stamp) return [id, await last.count] as const;
    const count = findDrift(db, id).then((found) => listDrifted(found?.watched ?? []).length);
    known.set(id, { stamp, count });
    // A failed count is not cached.
    count.catch(() => known.delete(id));
    return [id, await count] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
