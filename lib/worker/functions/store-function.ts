import type { Database } from '@/lib/db/database';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { ScfFunction } from '@/lib/estate/model';
import { sameValue } from '@/lib/estate/same-value';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { lockConnection, storeEstate } from '@/lib/worker/sync/store-estate';

const functionKey = (fn: FunctionId) => `${fn.region}/${fn.namespace}/${fn.name}`;

/**
 * Stores the re-read state of a function in a connection's newest snapshot, so that a plan created right afterwards
 * finds it. The rest of the snapshot keeps its own time; if the state is unchanged, so does the snapshot.
 * @param fn null = it was deleted
 * @param keptDays the retention of the history in days
 */
export async function storeFunction(
  db: Database,
  connectionId: string,
  id: FunctionId,
  fn: ScfFunction | null,
  keptDays: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    // Two deployments that end at once must not overwrite each other's function.
    await lockConnection(tx, connectionId);
    const newest = await newestSnapshot(tx, connectionId);
    // Before the first sync there is no snapshot; that sync reads the function itself.
    if (newest === null) return;
    // Only the function was read: a new time for the snapshot would claim that the rest was read, too.
    const known = newest.functions.find((each) => functionKey(each) === functionKey(id)) ?? null;
    if (sameValue(known, fn)) return;
    const others = newest.functions.filter((each) => functionKey(each) !== functionKey(id));
    const functions = (fn === null ? others : [...others, fn]).toSorted((a, b) =>
      functionKey(a) < functionKey(b) ? -1 : 1,
    );
    await storeEstate(tx, connectionId, { ...newest, functions }, { observedAt: new Date(), keptDays });
  });
}
