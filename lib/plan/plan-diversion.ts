import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { ok, type Result } from '@/lib/result';
import { diffCreated } from './diff/diff-created';
import { inverseSteps } from './diff/inverse';
import { nameChanges } from './diff/name-changes';
import { numbered } from './diff/numbered';
import { orderChanges } from './diff/order';
import { listFingerprints } from './model/fingerprints';
import type { Durations } from './model/forecast';
import { movedRoutes } from './model/measured-routes';
import type { Plan } from './model/model';
import { type PlanProblem, resolveDiversion } from './model/resolve-route';

/**
 * Plans a diversion of any kind over an estate: what to create, bind, probe and move, in order, with the rollback.
 * Objects outside its routes are not touched. Pure: the same inputs give the same plan.
 * @param input.keepAliveS the time that clients may keep a connection open, in seconds.
 * @param input.durations the measured durations of writes, for the forecast.
 * @returns the plan, or every choice that could not be found in the estate.
 */
export function planDiversion(input: {
  estate: Estate;
  diversion: Diversion;
  keepAliveS: number;
  durations?: Durations;
}): Result<Plan, readonly PlanProblem[]> {
  const { diversion, keepAliveS, durations = {} } = input;
  const found = resolveDiversion(input.estate, diversion);
  if (!found.ok) return found;
  const { estate, resolved, missing } = found.value;
  const names = [...new Set(resolved.map((route) => route.hostName))];
  const made = diffCreated(input.estate, missing);
  const moved = names.flatMap((name) =>
    nameChanges({
      estate,
      diversion,
      routes: resolved.filter((route) => route.hostName === name),
      all: resolved,
      made: new Set(made.map((change) => change.key)),
      keepAliveS,
    }),
  );
  const ordered = orderChanges([...made, ...unique(moved)]);
  invariant(ordered.ok, 'the planner declared needs that wait for each other');
  const steps = numbered(ordered.value, durations);
  return ok({
    diversion,
    connectionId: estate.connectionId,
    estateTakenAt: estate.takenAt,
    routes: movedRoutes(diversion, resolved),
    fingerprints: listFingerprints(steps),
    steps,
    revert: inverseSteps(steps, keepAliveS, durations),
  });
}

/** Removes duplicates: names that use the same function share its warm instances. */
function unique<T extends { readonly key: string }>(changes: readonly T[]): readonly T[] {
  return [...new Map(changes.map((change) => [change.key, change])).values()];
}
