import type { Database } from '@/lib/db/database';
import { switches } from '@/lib/db/schema';
import type { LoadBalancerId } from '@/lib/estate/ids';
import type { Estate } from '@/lib/estate/model';
import { openRuns } from '@/lib/server/journal/load-run';
import { readBaselinesSince } from '@/lib/server/journal/read-run-baselines';
import { StoredValueError } from '@/lib/worker/loop/work-loop';
import { readDiversion } from './stored-switch';

/** The maximum number of load balancers whose bindings one sync reads: each costs two calls. */
const watchedMax = 40;

/**
 * Returns the routes of a Switch; none if it is unreadable, which the loop that watches the Switch reports: it must not
 * block the sync of its account.
 */
function readableRoutes(row: typeof switches.$inferSelect) {
  try {
    return readDiversion(row).routes;
  } catch (error) {
    if (error instanceof StoredValueError) return [];
    throw error;
  }
}

/**
 * Returns the load balancers whose bindings each partial sync reads: first those on which runs have written since the last
 * full sync, so that a newer state of their rules is known, then those of open runs, those of Switches, and those that
 * call functions, up to the limit.
 */
export async function watchedLoadBalancers(
  db: Database,
  connectionId: string,
  { loadBalancers, rules, takenAt }: Pick<Estate, 'loadBalancers' | 'rules' | 'takenAt'>,
): Promise<readonly LoadBalancerId[]> {
  const written = (await readBaselinesSince(db, connectionId, takenAt)).flatMap((run) =>
    [...run.objects.values()].flatMap(({ object, leftAt }) =>
      object.kind === 'rule' &&
      (object.connectionId ?? run.connectionId) === connectionId &&
      Date.parse(leftAt) > Date.parse(takenAt)
        ? [object.loadBalancerId]
        : [],
    ),
  );
  const touched = (await openRuns(db)).flatMap(({ plan }) =>
    [...plan.steps, ...plan.revert].flatMap((step) =>
      step.kind === 'write' &&
      step.object.kind === 'rule' &&
      (step.object.connectionId ?? plan.connectionId) === connectionId
        ? [step.object.loadBalancerId]
        : [],
    ),
  );
  // A Switch may refer to load balancers of other accounts, and a Switch of another account to those of this one.
  const own = new Set<string>(loadBalancers.map(({ id }) => id));
  const board = await db.select().from(switches);
  const switched = board.flatMap(readableRoutes).filter((route) => own.has(route.loadBalancerId));
  const calling = rules.filter(({ functions }) => functions.length > 0);
  const all = [
    ...written,
    ...touched,
    ...[...switched, ...calling].map(({ loadBalancerId }) => loadBalancerId),
  ];
  return [...new Set(all)].slice(0, Math.max(watchedMax, new Set(written).size));
}
