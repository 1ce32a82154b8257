import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { refName } from '@/lib/estate/ref-name';
import { fingerprint } from '@/lib/plan/model/fingerprints';
import type { RunId } from '@/lib/run/model/run-id';
import { stateEventTypeList } from '@/lib/store/runs/last-state-events';
import { findDrift } from './find-drift';
import { listDrifted } from './list-drifted';

/** A drifted object with the run that left its baseline. */
export type DriftedObject = {
  readonly runId: RunId;
  readonly name: string;
  /** Identifies the object and its found state. */
  readonly mark: string;
};
/** The drifted objects of a connection, with the stamp of their inputs. */
type Read = { readonly stamp: string; readonly objects: Promise<readonly DriftedObject[]> };

/**
 * On `globalThis`, because Next may load this module more than once in a process. Keyed by database, then connection.
 */
const holder = globalThis as typeof globalThis & { spillwayDrift?: WeakMap<Database, Map<string, Read>> };

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

async function listDriftedObjects(db: Database, connectionId: string): Promise<readonly DriftedObject[]> {
  const found = await findDrift(db, connectionId);
  return listDrifted(found?.watched ?? []).map(({ key, object, by, found: state }) => ({
    runId: by.runId,
    name: refName(object),
    mark: `${key} ${fingerprint(state)}`,
  }));
}

/**
 * Returns the drifted objects by connection. Every page and each round of alerts reads them, so they are cached until a sync,
 * a run or an acceptance may have changed them.
 */
export async function readDrifted(db: Database): Promise<Readonly<Record<string, readonly DriftedObject[]>>> {
  holder.spillwayDrift ??= new WeakMap();
  const known = holder.spillwayDrift.get(db) ?? new Map<string, Read>();
  holder.spillwayDrift.set(db, known);
  const read = (await readStamps(db)).map(async ({ id, stamp }) => {
    const last = known.get(id);
    if (last?.stamp === stamp) return [id, await last.objects] as const;
    const objects = listDriftedObjects(db, id);
    known.set(id, { stamp, objects });
    // A failed read is not cached.
    objects.catch(() => known.delete(id));
    return [id, await objects] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** Counts drifted objects by connection. */
export async function countDrift(db: Database): Promise<Readonly<Record<string, number>>> {
  const drifted = Object.entries(await readDrifted(db));
  return Object.fromEntries(drifted.map(([id, objects]) => [id, objects.length]));
}
