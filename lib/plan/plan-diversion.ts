import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { ok, type Result } from '@/lib/result';
import { diffCreated } from './diff/diff-created';
import { inverseSteps } from './diff/inverse';
import { numbered } from './diff/numbered';
import { orderChanges } from './diff/order';
import { restoreTtlsLast } from './diff/original-ttl';
import { independentChanges, waveChanges } from './diff/wave-changes';
import type { PlannedChange } from './model/change';
import { listFingerprints } from './model/fingerprints';
import type { Durations } from './model/forecast';
import { movedRoutes } from './model/measured-routes';
import type { OriginalTtl, Plan } from './model/model';
import { type PlanProblem, resolveDiversion } from './model/resolve-route';

/**
 * Plans a diversion of any kind over an estate: the objects to create, bind, probe and move, in order, with the
 * rollback. Objects outside its routes are not touched. Pure: the same inputs give the same plan.
 * @param given.keepAliveS the time for which clients may keep a connection open, in seconds
 * @param given.durations the measured durations of writes, for the forecast
 * @param given.originalTtls the TTLs that earlier runs have lowered, to be restored with those that this plan lowers
 * @returns the plan, or every choice that could not be found in the estate
 */
export function planDiversion(given: {
  estate: Estate;
  diversion: Diversion;
  keepAliveS: number;
  durations?: Durations;
  originalTtls?: readonly OriginalTtl[] | undefined;
}): Result<Plan, readonly PlanProblem[]> {
  const { diversion, keepAliveS, durations = {}, originalTtls = [] } = given;
  const found = resolveDiversion(given.estate, diversion);
  if (!found.ok) return found;
  const { estate, resolved, missing } = found.value;
  const names = [...new Set(resolved.map((route) => route.hostName))];
  const made = diffCreated(given.estate, missing);
  const input = {
    estate,
    all: resolved,
    made: new Set(made.map((change) => change.key)),
    keepAliveS,
    originalTtls,
  };
  const moved =
    diversion.kind === 'switch' && diversion.waves !== undefined
      ? waveChanges({ ...input, diversion }, diversion.waves)
      : independentChanges({ ...input, diversion }, names);
  const ordered = orderChanges([...made, ...unique(moved)]);
  invariant(ordered.ok, 'the planner declared needs that wait for each other');
  const steps = numbered(ordered.value, durations);
  return ok({
    diversion,
    ...(originalTtls.length === 0 ? {} : { originalTtls }),
    connectionId: estate.connectionId,
    estateTakenAt: estate.takenAt,
    routes: movedRoutes(diversion, resolved),
    fingerprints: listFingerprints(steps),
    steps,
    revert: restoreTtlsLast(inverseSteps(steps, keepAliveS, durations), steps, {
      estate,
      originalTtls,
      durations,
    }),
  });
}

/**
 * Removes duplicates: names that use the same function share its warm instances. A change shared by several waves has
 * no wave.
 */
function unique(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const known = new Map<string, PlannedChange>();
  for (const change of changes) {
    const { wave, ...shared } = change;
    known.set(change.key, (known.get(change.key) ?? change).wave === wave ? change : shared);
  }
  return [...known.values()];
}
