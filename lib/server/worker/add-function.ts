import type { Database } from '@/lib/db/database';
import type { ScfFunction } from '@/lib/estate/model';
import { sameValue } from '@/lib/estate/same-value';
import { newestEstate } from '../newest-estate';
import { lockConnection, storeEstate } from './store-estate';

const keyOf = (fn: ScfFunction) => `${fn.region}/${fn.namespace}/${fn.name}`;

/**
 * Adds a function, read afresh after its deployment, to the newest estate of a connection: a plan that is made at once
 * must find it. Everything else in it stays as of its own time; where it is known as it is, all of it does.
 * @param keptDays how far the history of the estate goes back
 */
export async function addFunction(
  db: Database,
  connectionId: string,
  fn: ScfFunction,
  keptDays: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    // Two deployments that end together must not each write the other's function away.
    await lockConnection(tx, connectionId);
    const newest = await newestEstate(tx, connectionId);
    // Before the first sync there is nothing to add to; that sync will read the function itself.
    if (newest === null) return;
    // A look at one function says nothing of the rest, which the time of a new reading would.
    const known = newest.functions.find((each) => keyOf(each) === keyOf(fn));
    if (known !== undefined && sameValue(known, fn)) return;
    const others = newest.functions.filter((each) => keyOf(each) !== keyOf(fn));
    const functions = [...others, fn].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    await storeEstate(tx, connectionId, { ...newest, functions }, { lookedAt: new Date(), keptDays });
  });
}
