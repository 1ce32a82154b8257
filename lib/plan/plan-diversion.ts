import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import { modifyRecordTtl } from '@/lib/plan/model/calls';
import { findOriginalTtl } from '@/lib/plan/model/set-changes';
import { ok, type Result } from '@/lib/result';
import { diffCreated } from './diff/diff-created';
import { inverseSteps } from './diff/inverse';
import { numbered } from './diff/numbered';
import { orderChanges } from './diff/order';
import { independentChanges, waveChanges } from './diff/wave-changes';
import type { PlannedChange } from './model/change';
import { listFingerprints } from './model/fingerprints';
import { type Durations, forecastOfCall } from './model/forecast';
import { movedRoutes } from './model/measured-routes';
import { type OriginalTtl, type Plan, type Step, StepId, type WriteStep } from './model/model';
import { type PlanProblem, resolveDiversion } from './model/resolve-route';

/**
 * Returns rollback steps that end with the TTLs from before an earlier run lowered them, rather than with those that
 * this plan starts from. They are the last steps: until then, clients follow fast. Each belongs to the first move of
 * its record set, so that a run that has moved nothing doesn't change it. The rollback of the earlier run then finds
 * its own step done. A record set that doesn't move belongs to the first move of all: a run with a T1 leaves out the
 * drain that restores it.
 */
function restoreTtlsLast(
  rollback: readonly Step[],
  steps: readonly Step[],
  {
    estate,
    originalTtls,
    durations,
  }: {
    readonly estate: Pick<Estate, 'records'>;
    readonly originalTtls: readonly OriginalTtl[];
    readonly durations: Durations;
  },
): readonly Step[] {
  const all: Step[] = [...rollback];
  const writes = steps.filter((step): step is WriteStep => step.kind === 'write');
  const isMove = ({ phase }: WriteStep) => phase === 'divert';
  const sets = new Map(originalTtls.map(({ set }) => [objectKey(set), set]));
  for (const [key, set] of sets) {
    const own = writes.filter(({ object }) => objectKey(object) === key);
    const [first, move] = [own[0], own.find(isMove) ?? writes.find(isMove)];
    if (first?.before.kind !== 'recordSet' || move === undefined) continue;
    let state = first.before;
    for (const record of first.before.records) {
      const { id } = estate.records.find(
        (each) =>
          each.zone === set.zone &&
          each.subdomain === set.subdomain &&
          each.lineId === set.lineId &&
          recordKey(each) === recordKey(record),
      ) ?? { id: null };
      const original = findOriginalTtl(originalTtls, set, record);
      if (id === null || original === undefined) continue;
      const { loweredS, ttlS } = original;
      const call = { ...first.call, ...modifyRecordTtl(set.zone, id, ttlS) };
      const records = state.records.map((each) =>
        recordKey(each) === recordKey(record) ? { ...each, ttlS } : each,
      );
      const after = { kind: 'recordSet', records } as const;
      all.push({
        kind: 'write',
        id: StepId.parse(`r${all.length + 1}`),
        phase: 'drain',
        ...(move.wave === undefined ? {} : { wave: move.wave }),
        object: first.object,
        call,
        before: state,
        after,
        inverse: { ...call, ...modifyRecordTtl(set.zone, id, loweredS) },
        undoes: move.id,
        needs: all.map((each) => each.id),
        forecastMs: forecastOfCall(call, durations),
      });
      state = after;
    }
  }
  return all;
}

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
    rollback: restoreTtlsLast(inverseSteps(steps, keepAliveS, durations), steps, {
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
