import type { Database } from '@/lib/db/database';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { ScfFunction } from '@/lib/estate/model';
import { sameValue } from '@/lib/estate/same-value';
import { newestSnapshot } from '@/lib/server/estate/newest-estate';
import { lockConnection, storeEstate } from '@/lib/worker/sync/store-estate';

const functionKey = (fn: FunctionId) => `${fn.region}/${fn.namespace}/${fn.name}`;

/**
 * Stores the state of a function that was read again in the newest snapshot of a connection: a plan that is created at once
 * must find it. The rest of the snapshot keeps its own time; if the function is already known in this state, everything
 * does.
 * @param fn null = it was deleted
 * @param keptDays how far the history goes back
 */
export async function storeFunction(
  db: Database,
  connectionId: string,
  id: FunctionId,
  fn: ScfFunction | null,
  keptDays: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    // Two deployments that end together must not overwrite each other's function.
    await lockConnection(tx, connectionId);
    const newest = await newestSnapshot(tx, connectionId);
    // Before the first sync there is nothing to add to; that sync reads the function itself.
    if (newest === null) return;
    // Reading one function says nothing about the rest, but the time of a new snapshot would.
    const known = newest.functions.find((each) => functionKey(each) === functionKey(id)) ?? null;
    if (sameValue(known, fn)) return;
    const others = newest.functions.filter((each) => functionKey(each) !== functionKey(id));
    const functions = (fn === null ? others : [...others, fn]).toSorted((a, b) =>
      functionKey(a) < functionKey(b) ? -1 : 1,
    );
    await storeEstate(tx, connectionId, { ...newest, functions }, { observedAt: new Date(), keptDays });
  });
}
