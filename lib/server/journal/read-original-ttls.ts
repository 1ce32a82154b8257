import { and, arrayOverlaps, asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { diversions, plans, runs } from '@/lib/db/schema';
import { getRecordSetState } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { objectKey } from '@/lib/estate/object-state';
import type { OriginalTtl, Restore } from '@/lib/plan/model/model';
import type { RunState } from '@/lib/run/model/model';
import { keepLowered, listOriginalTtls } from '@/lib/run/model/original-ttls';
import { readRunStates } from './last-state-events';
import { loadRuns } from './load-run';

/**
 * The maximum number of journals that are read: of the newest runs, because each run restores what earlier ones have
 * lowered. Spillway's choice.
 */
const runsMax = 50;

/** States of runs that have changed nothing, or have undone all of it: their journals need not be read. */
const leavesNothing: readonly RunState[] = ['queued', 'scheduled', 'reverted'];

/**
 * Reads the original TTLs of the records of some names that Spillway has lowered and not restored, in any diversion of
 * the connection that moves one of them: failovers, occurrences of a series and manual moves of one name may belong to
 * different diversions.
 * @param restores the objects that the plan restores, possibly to a lowered TTL; absent = the whole diversion
 */
export async function readOriginalTtls(
  db: Database,
  {
    connectionId,
    domains,
    estate,
    restores = [],
  }: {
    readonly connectionId: string;
    readonly domains: readonly string[];
    readonly estate: Pick<Estate, 'records'>;
    readonly restores?: readonly Restore[] | undefined;
  },
): Promise<readonly OriginalTtl[]> {
  if (domains.length === 0) return [];
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(diversions, eq(diversions.id, plans.diversionId))
    .where(and(eq(diversions.connectionId, connectionId), arrayOverlaps(diversions.domains, [...domains])))
    .orderBy(asc(runs.createdAt));
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const states = await readRunStates(db, ids);
  const acting = ids.filter((id) => !leavesNothing.includes(states.get(id) ?? 'queued'));
  const known = await loadRuns(db, acting.slice(-runsMax));
  return keepLowered(listOriginalTtls(known, new Date()), (set) => [
    getRecordSetState(estate, set),
    ...restores.flatMap(({ object, state }) =>
      state.kind === 'recordSet' && objectKey(object) === objectKey(set) ? [state] : [],
    ),
  ]);
}
